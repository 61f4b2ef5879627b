import type { Tensor } from "@tensorflow/tfjs-core";
import { dropout } from "../tfjs/operations/dropout.ts";

/** One forward pass through a model: it decides what dropout does. */
export interface Pass {
  /** Applies the pass's dropout. Calls are counted: the n-th of a pass always draws the mask of site n. */
  dropout(x: Tensor, probability: number): Tensor;
}

/** Without dropout: scoring, evaluation, prediction. */
export const inference: Pass = { dropout: (x) => x };

/** With dropout, keyed by seed and step: of a training, or of several passes over the same examples (Monte-Carlo dropout). */
export function trainingPass(seed: number, step: number): Pass {
  let site = 0;
  return { dropout: (x, probability) => dropout(x, probability, { seed, step, site: site++ }) };
}
