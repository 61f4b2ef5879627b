import { type LearningRate, learningRateAt } from "../tfjs/adamw.ts";

/**
 * Linear warm-up to `base`, then linear decay to 0, as Hugging Face's `get_linear_schedule_with_warmup` has it. `warmup` is the
 * fraction of the steps that rise.
 */
export function linearRate(base: number, steps: number, warmup: number): LearningRate {
  return { base, rising: Math.ceil(steps * warmup), steps };
}

/** The factor of the learning rate that {@link linearRate} gives at a step counted from 0. */
export function linearSchedule(step: number, steps: number, warmup: number): number {
  return learningRateAt(linearRate(1, steps, warmup), step);
}
