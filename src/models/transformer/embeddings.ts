import type { Tensor } from "@tensorflow/tfjs-core";
import { embeddingSum } from "../../tfjs/operations/embedding.ts";
import type { Parameters } from "../../tfjs/parameters.ts";
import { type Batch, tokenIds } from "../batch.ts";

/** Names of the tables whose rows are summed for each token. */
export interface EmbeddingTables {
  readonly words: string;
  readonly positions: string;
  /** Of the segment that a token is in. */
  readonly types?: string;
}

/** Rows of a table of positions [rows, length], and the row that learns nothing, if one does. */
export interface Positions {
  readonly values: Int32Array;
  readonly ignored?: number;
}

/**
 * The sum of the embeddings of each token, its position and its segment: [rows, length, columns]. `ignoredWord` is the id whose row
 * learns nothing, such as padding's.
 */
export function embed(
  parameters: Parameters,
  { words, positions, types }: EmbeddingTables,
  batch: Batch,
  at: Positions,
  ignoredWord?: number,
): Tensor {
  const shape = [batch.rows, batch.length];
  const tableOf = (name: string) => parameters.table(`${name}.weight`);
  const segments = batch.tokenTypes ?? new Int32Array(batch.ids.length);
  return embeddingSum([
    { table: tableOf(words), ids: tokenIds(batch, ignoredWord) },
    { table: tableOf(positions), ids: { ...at, shape } },
    ...(types === undefined ? [] : [{ table: tableOf(types), ids: { values: segments, shape } }]),
  ]);
}

/** 0, 1, 2, … in each row. */
export function positionsFromZero({ rows, length }: Batch): Positions {
  return { values: Int32Array.from({ length: rows * length }, (_, index) => index % length) };
}

/** RoBERTa's: the tokens that are no padding are counted from `padding` + 1; padding is at `padding`. */
export function positionsAfter({ ids, rows, length }: Batch, padding: number): Positions {
  const values = new Int32Array(ids.length).fill(padding);
  for (let row = 0; row < rows; row++) {
    let last = padding;
    for (let index = row * length; index < (row + 1) * length; index++) {
      if (ids[index] !== padding) values[index] = ++last;
    }
  }
  return { values, ignored: padding };
}
