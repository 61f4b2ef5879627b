import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * A matrix [rows, columns] of which rows are looked up: one tensor, or several that have its rows in order, where it is larger than a
 * device binds at once.
 */
export type Table = readonly Tensor[];

export function rowsOf(table: Table): number {
  return table.reduce((rows, { shape }) => rows + shape[0]!, 0);
}

/** Each part, and how many rows of the table come before it. */
export function partsOf(table: Table): { readonly part: Tensor; readonly firstRow: number }[] {
  let firstRow = 0;
  return table.map((part) => {
    const begin = firstRow;
    firstRow += part.shape[0]!;
    return { part, firstRow: begin };
  });
}
