import { type Binding, KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { rangeFrom, type Tile } from "../../src/gpu/tiling.ts";

/** A run of rows; its values begin `shift` words after the beginning of `values`, which is at an aligned offset. */
export interface ValueTile extends Tile {
  readonly values: Binding;
  readonly shift: number;
}

/**
 * Cuts rows into tiles such that their values, and `scratchBytes` a row for the widest scratch buffer, fit a binding. Rows begin
 * where they are and not where a binding may begin, since a long row times the rows to the next aligned one might fit no binding.
 *
 * @throws KernelError where not even one row fits
 */
export function valueTiles(
  kernel: string,
  rows: number,
  columns: number,
  scratchBytes: number,
  limits: KernelLimits,
): ValueTile[] {
  const most = limits.maxStorageBufferBindingSize;
  const alignment = limits.minStorageBufferOffsetAlignment;
  if (rows * Math.max(columns * 4, scratchBytes) <= most) {
    return [{ first: 0, rows, values: { buffer: "values" }, shift: 0 }];
  }
  const tileRows = Math.min(Math.floor((most - alignment) / (columns * 4)), Math.floor(most / scratchBytes));
  if (tileRows < 1) {
    const bytes = Math.max(columns * 4 + alignment, scratchBytes);
    throw new KernelError(kernel, `a row takes ${bytes} bytes; this device binds at most ${most} at once`);
  }
  const tiles: ValueTile[] = [];
  for (let first = 0; first < rows; first += tileRows) {
    const tile = { first, rows: Math.min(tileRows, rows - first) };
    const { binding, shift } = rangeFrom("values", first * columns * 4, tile.rows * columns * 4, limits);
    tiles.push({ ...tile, values: binding, shift });
  }
  return tiles;
}
