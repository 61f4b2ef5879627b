import { type Kernel, KernelError, requireBindable, requireSize } from "../../src/gpu/kernel.ts";
import { scratchOf, selectAndSort } from "./select_and_sort.ts";
import { valueTiles } from "./tiles.ts";
import { pairsOf, tournament } from "./tournament.ts";

export interface TopKShape {
  readonly rows: number;
  readonly columns: number;
  readonly k: number;
}

/**
 * Up to here one thread of a row takes the winners one by one. Its time grows with k, but on a software adapter, whose atomics are
 * slow, it stays the shorter one to some thousands.
 */
const TOURNAMENT_K = 1024;
/** The first index of a row whose values held a NaN or an infinity has this bit set; a binding holds fewer columns. */
const MARKER = 2 ** 31;

/**
 * The k highest of each row, highest first; of equal values the lower index comes first. A vector of scores is one row.
 *
 * Input `values` [rows, columns] float32. Outputs `best` [rows, k] float32, the values, and `indices` [rows, k] uint32, their
 * columns. -0 equals 0 and comes back as 0. A row that holds a NaN or an infinity is marked; {@link requireRanked} names it when
 * the result is read.
 *
 * Variants: a tournament for k to 1024; above, a radix select of the winners, or nothing where they are most of the row, and then
 * a bitonic sort. Rows are tiled to the binding limit.
 *
 * @throws KernelError where k is over the columns, or a buffer of one row is over the binding limit
 * @see Alabi et al., Fast k-selection algorithms for graphics processing units, 2012
 */
export const topK: Kernel<TopKShape> = {
  name: "top_k",

  plan({ rows, columns, k }, limits) {
    requireSize("top_k", "rows", rows);
    requireSize("top_k", "columns", columns);
    requireSize("top_k", "k", k);
    if (k > columns) throw new KernelError("top_k", `k is ${k}; a row has only ${columns} columns`);
    requireBindable("top_k", "best", rows * k * 4, limits);
    const isSmall = k <= TOURNAMENT_K;
    const ofRow = isSmall ? [{ name: "levels", bytes: Math.max(1, pairsOf(columns)) * 8 }] : scratchOf(columns, k);
    const tiles = valueTiles("top_k", rows, columns, Math.max(...ofRow.map(({ bytes }) => bytes)), limits);
    const most = Math.max(...tiles.map((tile) => tile.rows));
    return {
      kernel: "top_k",
      inputs: [{ name: "values", bytes: rows * columns * 4 }],
      outputs: [{ name: "best", bytes: rows * k * 4 }, { name: "indices", bytes: rows * k * 4 }],
      scratch: ofRow.map(({ name, bytes }) => ({ name, bytes: bytes * most })),
      dispatches: tiles.flatMap((tile) => (isSmall ? tournament : selectAndSort)(tile, columns, k, limits)),
    };
  },
};

/**
 * Checks indices that were read back.
 *
 * @throws KernelError naming the first row that held a NaN or an infinity, and where in it
 */
export function requireRanked(
  indices: Uint32Array | Int32Array,
  k: number,
  nameOf: (row: number) => string = (row) => `row ${row}`,
): void {
  for (let row = 0; row * k < indices.length; row++) {
    const index = indices[row * k]! >>> 0;
    if (index >= MARKER) {
      throw new KernelError("top_k", `value ${index - MARKER} of ${nameOf(row)} is NaN or infinite`);
    }
  }
}
