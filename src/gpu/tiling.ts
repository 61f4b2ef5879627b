import { type Binding, KernelError, type KernelLimits } from "./kernel.ts";

/** A run of rows that one binding holds. */
export interface Tile {
  readonly first: number;
  readonly rows: number;
}

/**
 * Cuts rows into tiles such that each buffer's part fits one binding and begins at an offset that the device accepts.
 * `rowBytes` are the bytes of a row in each of the buffers.
 *
 * @throws KernelError where not even the least tile fits
 */
export function rowTiles(kernel: string, rows: number, rowBytes: readonly number[], limits: KernelLimits): Tile[] {
  const widest = Math.max(...rowBytes);
  const most = limits.maxStorageBufferBindingSize;
  if (rows * widest <= most) return [{ first: 0, rows }];
  const alignment = limits.minStorageBufferOffsetAlignment;
  const step = rowBytes.map((bytes) => alignment / gcd(alignment, bytes)).reduce((a, b) => (a * b) / gcd(a, b));
  const tileRows = Math.floor(most / widest / step) * step;
  if (tileRows < 1) {
    throw new KernelError(
      kernel,
      `${step === 1 ? "a row takes" : `${step} rows take`} ${
        step * widest
      } bytes; this device binds at most ${most} at once`,
    );
  }
  const tiles: Tile[] = [];
  for (let first = 0; first < rows; first += tileRows) tiles.push({ first, rows: Math.min(tileRows, rows - first) });
  return tiles;
}

/** The buffer of one part of something that lies in several: `table`, `table_1`, `table_2`. */
export function partBuffer(name: string, part: number): string {
  return part === 0 ? name : `${name}_${part}`;
}

/** The part of a buffer that belongs to a tile. */
export function tileOf(buffer: string, tile: Tile, rowBytes: number) {
  return { buffer, offset: tile.first * rowBytes, size: tile.rows * rowBytes };
}

/**
 * Any range of a buffer as a binding, which may begin at certain offsets only: the binding begins `shift` words before the range.
 * So rows can be tiled wherever they begin, where the rows to the next aligned one would fit no binding.
 */
export function rangeFrom(
  buffer: string,
  begin: number,
  bytes: number,
  { minStorageBufferOffsetAlignment: alignment }: KernelLimits,
): { readonly binding: Binding; readonly shift: number } {
  const offset = begin - begin % alignment;
  return { binding: { buffer, offset, size: begin - offset + bytes }, shift: (begin - offset) / 4 };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
