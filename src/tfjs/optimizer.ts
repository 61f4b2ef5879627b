import type { Tensor } from "@tensorflow/tfjs-core";

/** AdamW with decoupled decay and clipping by the global norm. Loshchilov & Hutter, 2019. */
export interface Optimizer {
  /** Adds gradients to those of the next step, in the order of the parameters' `all()`. They stay the caller's, who need not keep them. */
  accumulate(gradients: readonly Tensor[]): void;
  /** One step with the sum of what was given since the last. */
  step(): void;
  /**
   * [1]: 0, or the first step, counted from 1, whose gradient norm was not finite. Belongs to the optimiser. Where the parameters are
   * flat, and on wasm, that step and all later ones have changed nothing; elsewhere they have spread what was not finite.
   */
  frozen(): Tensor;
  dispose(): void;
}
