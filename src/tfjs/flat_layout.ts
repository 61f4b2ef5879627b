import { BLOCK } from "../../kernels/adamw/adamw.ts";
import { Failure } from "../errors.ts";
import type { KernelLimits } from "../gpu/kernel.ts";

/** What a layout needs to know of a parameter. */
export interface Sized {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Where a parameter lies: in which segment, and at which byte of it. */
export interface Place {
  readonly segment: number;
  readonly offset: number;
}

export interface FlatLayout {
  /** Elements of each segment, padding included: multiples of {@link BLOCK}. */
  readonly segments: readonly number[];
  /** In the order of the parameters. */
  readonly places: readonly Place[];
}

/**
 * Puts parameters one after the other, each at a multiple of {@link BLOCK} elements, into segments that a device makes and binds
 * whole: usually one, more where the model is large. No parameter spans two.
 *
 * @throws Failure naming the parameter that no binding holds
 */
export function flatLayout(
  parameters: readonly Sized[],
  { maxBufferSize, maxStorageBufferBindingSize }: KernelLimits,
): FlatLayout {
  const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const segments: number[] = [];
  const places = parameters.map((parameter) => {
    const length = Math.ceil(sizeOf(parameter) / BLOCK) * BLOCK;
    if (length * 4 > most) {
      throw new Failure(
        `parameter ${parameter.name} [${parameter.shape}] takes ${
          length * 4
        } bytes; this device binds at most ${most} at once`,
      );
    }
    const last = segments.at(-1);
    if (last === undefined || (last + length) * 4 > most) segments.push(0);
    const segment = segments.length - 1;
    const offset = segments[segment]! * 4;
    segments[segment]! += length;
    return { segment, offset };
  });
  return { segments, places };
}

/** Elements of a parameter. */
export function sizeOf({ shape }: Pick<Sized, "shape">): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}
