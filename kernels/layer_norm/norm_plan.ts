import {
  type BufferSpec,
  type Dispatch,
  groupsFor,
  KernelError,
  type KernelLimits,
  requireBindable,
  requireSize,
} from "../../src/gpu/kernel.ts";
import { FAN_IN, partsOf } from "../../src/gpu/parts.ts";
import { rowTiles, type Tile } from "../../src/gpu/tiling.ts";

/** Words of a row's moments: the mean, high and low, and 1 / sqrt(variance + epsilon). */
export const MOMENTS = 3;
/** Columns of a vec4: the fast variants take rows of whole ones. */
export const QUAD = 4;
/** Quads that a thread of a last pass takes; the constant of its shaders. */
const BLOCK_QUADS = 4;

/** @throws KernelError where not one row fits a binding, or the moments of all do not */
export function tilesOf(kernel: string, rows: number, columns: number, limits: KernelLimits): Tile[] {
  requireSize(kernel, "rows", rows);
  requireSize(kernel, "columns", columns);
  const tiles = rowTiles(kernel, rows, [columns * 4], limits);
  requireBindable(kernel, "moments", rows * MOMENTS * 4, limits);
  return tiles;
}

/** @throws KernelError where epsilon is negative or no number */
export function requireEpsilon(kernel: string, epsilon: number): void {
  if (!(epsilon >= 0)) throw new KernelError(kernel, `epsilon is ${epsilon}; it must be at least 0`);
}

/** Into how many parts a row is folded, by threads that take `threadRows` rows each: few enough for one merging pass. */
export function rowParts(rows: number, columns: number, threadRows = 1): number {
  return Math.min(FAN_IN, partsOf(Math.ceil(rows / threadRows), columns));
}

/** The threads of a last pass: each takes a block of columns, and some rows of it. */
export function blocksOf(
  kernel: string,
  { rows }: Tile,
  columns: number,
  threadRows: number,
  limits: KernelLimits,
): { readonly blocks: number; readonly groups: Dispatch["groups"] } {
  const blocks = Math.ceil(columns / (QUAD * BLOCK_QUADS));
  return { blocks, groups: groupsFor(kernel, blocks * Math.ceil(rows / threadRows), 64, limits) };
}

/** Float32 buffers by their names and numbers of elements. */
export function floats(sizes: Readonly<Record<string, number>>): BufferSpec[] {
  return Object.entries(sizes).map(([name, length]) => ({ name, bytes: length * 4 }));
}
