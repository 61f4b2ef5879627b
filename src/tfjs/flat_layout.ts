import { BLOCK } from "../../kernels/adamw/adamw.ts";
import { Failure } from "../errors.ts";
import type { KernelLimits } from "../gpu/kernel.ts";

/** What a layout needs to know of a parameter. */
export interface Sized {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether it may be cut by rows. */
  readonly isTable?: boolean;
}

/** A parameter, or some rows of a table, and where it lies. */
export interface Piece {
  /** Which parameter, by its place among all. */
  readonly parameter: number;
  readonly shape: readonly number[];
  /** How many elements of the parameter come before it. */
  readonly from: number;
  readonly segment: number;
  /** In bytes, in its segment. */
  readonly offset: number;
}

export interface FlatLayout {
  /** Elements of each segment, padding included: multiples of {@link BLOCK}. */
  readonly segments: readonly number[];
  /** In the order of the parameters, those of one table in the order of its rows. */
  readonly pieces: readonly Piece[];
}

/** A part of a table has a multiple of so many rows, but for the last: then columns of a product with it begin where a binding may. */
const PART_ROWS = 64;

/**
 * Puts parameters one after the other, each at a multiple of {@link BLOCK} elements, into segments that a device makes and binds
 * whole: usually one, more where the model is large. Nothing spans two: a table that is larger than a segment is cut by rows into as few
 * parts of like size as it takes.
 *
 * @throws Failure naming the parameter that no binding holds
 */
export function flatLayout(
  parameters: readonly Sized[],
  { maxBufferSize, maxStorageBufferBindingSize }: KernelLimits,
): FlatLayout {
  const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const segments: number[] = [];
  const pieces = parameters.flatMap((each, parameter) => {
    let from = 0;
    return shapesOf(each, most).map((shape): Piece => {
      const length = paddedSizeOf({ shape });
      const last = segments.at(-1);
      if (last === undefined || (last + length) * 4 > most) segments.push(0);
      const segment = segments.length - 1;
      const piece = { parameter, shape, from, segment, offset: segments[segment]! * 4 };
      segments[segment]! += length;
      from += sizeOf({ shape });
      return piece;
    });
  });
  return { segments, pieces };
}

/** The shape of a parameter, or of each part of a table that takes more than `most` bytes. */
function shapesOf({ name, shape, isTable = false }: Sized, most: number): (readonly number[])[] {
  const bytes = paddedSizeOf({ shape }) * 4;
  if (bytes <= most) return [shape];
  const [rows, columns] = shape as [number, number];
  const mostRows = isTable ? Math.floor(most / 4 / columns / PART_ROWS) * PART_ROWS : 0;
  if (mostRows === 0) {
    throw new Failure(
      `parameter ${name} [${shape}] takes ${bytes} bytes; this device binds at most ${most} at once`,
    );
  }
  const partRows = Math.ceil(rows / Math.ceil(rows / mostRows) / PART_ROWS) * PART_ROWS;
  const parts = Math.ceil(rows / partRows);
  return Array.from({ length: parts }, (_, part) => [Math.min(partRows, rows - part * partRows), columns]);
}

/** Elements of a parameter. */
export function sizeOf({ shape }: Pick<Sized, "shape">): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

function paddedSizeOf(sized: Pick<Sized, "shape">): number {
  return Math.ceil(sizeOf(sized) / BLOCK) * BLOCK;
}
