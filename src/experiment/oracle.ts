import { InputError } from "../errors.ts";
import type { Example } from "../data/example.ts";

/** An answer for one example. */
export interface Label {
  readonly id: string;
  /** null: declined. The example leaves the pool and is not learned from. */
  readonly label: string | null;
  readonly by: string;
  /** ISO 8601; null where the label was there before it was asked for. */
  readonly at: string | null;
}

/** Who labels: the data set's own labels in a simulation, a person in earnest. */
export interface Oracle {
  /** Answers in any order and at any pace; each answer is recorded as it comes. */
  label(
    examples: readonly Example[],
    query: { readonly round: number; readonly signal?: AbortSignal },
  ): AsyncIterable<Label>;
}

/**
 * The simulated oracle: reveals the gold labels.
 *
 * @throws InputError where an example has none
 */
export const goldOracle: Oracle = {
  async *label(examples) {
    for (const { id, label } of examples) {
      if (label === undefined) {
        throw new InputError(
          `example '${id}' has no label in the data, and no person is asked here\nLabel in the page: ./pupil serve`,
        );
      }
      yield { id, label, by: "gold", at: null };
    }
  },
};
