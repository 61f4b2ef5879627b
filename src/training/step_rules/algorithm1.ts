import { type StepRule, stepsOf } from "./step_rule.ts";

/**
 * While (N/B) E < Q: a smaller batch by one, down to the least size; then an epoch more. Division is real. So a handful of labels
 * is trained on long enough to be learned.
 *
 * @see the thesis, section 3.3, algorithm 1
 */
export const algorithm1: StepRule = {
  name: "algorithm1",
  budget: ({ examples, batch_size_args, epochs, min_steps, accumulation }) => {
    const { min_batch_size } = batch_size_args;
    let { batch_size: batchSize } = batch_size_args;
    let passes = epochs;
    if (examples < 1) throw new RangeError("no number of steps learns from no examples");
    while ((examples / batchSize) * passes < min_steps) {
      if (batchSize > min_batch_size) batchSize--;
      else passes++;
    }
    return { batchSize, epochs: passes, steps: stepsOf(examples, batchSize, passes, accumulation) };
  },
};
