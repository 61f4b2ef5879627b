import type { EmbeddingIds } from "../tfjs/operations/embedding.ts";

/** Encoded texts, padded to the longest of them. */
export interface Batch {
  readonly rows: number;
  /** Tokens a row, padding included. */
  readonly length: number;
  /** Token ids [rows, length]. */
  readonly ids: Int32Array;
  /** 1 where a token is real, 0 where it is padding [rows, length]. */
  readonly mask: Float32Array;
  /** Segment ids [rows, length]; all 0 where absent. */
  readonly tokenTypes?: Int32Array;
}

/** The batch's token ids as a lookup. */
export function tokenIds({ ids, rows, length }: Batch, ignored?: number): EmbeddingIds {
  return { values: ids, shape: [rows, length], ...(ignored === undefined ? {} : { ignored }) };
}
