import type { Example } from "../data/example.ts";
import type { Batch } from "../models/batch.ts";
import { padBatch } from "../text/padding.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

/** A batch that still knows its examples. */
export interface ExampleBatch<E extends Example> extends Batch {
  readonly examples: readonly E[];
}

/** Token ids of examples, encoded once each. */
export class Encoder {
  readonly #encoded = new Map<string, readonly number[]>();

  constructor(readonly tokenizer: Tokenizer, readonly maxLength: number) {}

  /** In tokens, after truncation. */
  lengthOf(example: Example): number {
    return this.#idsOf(example).length;
  }

  /** Padded to the longest; to a multiple of 8 where the model still takes that, so that fewer shapes, and buffers, occur. */
  batch<E extends Example>(examples: readonly E[]): ExampleBatch<E> {
    const encoded = examples.map((example) => this.#idsOf(example));
    const { ids, mask, shape: [rows, length] } = padBatch(encoded, this.tokenizer.padId, this.#multiple(encoded));
    return { examples, ids, mask, rows, length };
  }

  #multiple(encoded: readonly (readonly number[])[]): number {
    const longest = Math.max(...encoded.map((ids) => ids.length));
    return Math.ceil(longest / 8) * 8 <= this.maxLength ? 8 : 1;
  }

  #idsOf(example: Example): readonly number[] {
    const known = this.#encoded.get(example.id);
    if (known) return known;
    const ids = this.tokenizer.encode(example.text, this.maxLength);
    this.#encoded.set(example.id, ids);
    return ids;
  }
}
