import type { Tensor } from "@tensorflow/tfjs-core";
import { type Dropout, dropout } from "../tfjs/operations/dropout.ts";

/** One forward pass through a model: it decides what dropout does. */
export interface Pass {
  /** The next dropout, for an operation that has one within it; undefined where nothing is dropped. Calls are counted, see `dropout`. */
  site(probability: number): Dropout | undefined;
  /** Applies the pass's dropout. Calls of this and of `site` are counted: the n-th of a pass always draws the mask of site n. */
  dropout(x: Tensor, probability: number): Tensor;
}

/** Without dropout: scoring, evaluation, prediction. */
export const inference: Pass = { site: () => undefined, dropout: (x) => x };

/** With dropout, keyed by seed and step: of a training, or of several passes over the same examples (Monte-Carlo dropout). */
export function trainingPass(seed: number, step: number): Pass {
  let sites = 0;
  const site = (probability: number) => {
    const key = { seed, step, site: sites++ };
    return probability === 0 ? undefined : { probability, key };
  };
  return {
    site,
    dropout(x, probability) {
      const here = site(probability);
      return here ? dropout(x, here.probability, here.key) : x;
    },
  };
}
