import { type StepRule, stepsOf } from "./step_rule.ts";

/**
 * The rule of the published toolbox: shrinks the batch by the ratio of the steps that there are to those that are wanted, no
 * further than the least size, then scales the epochs by what is still missing.
 */
export const toolbox: StepRule = {
  name: "toolbox",
  budget: ({ examples, batch_size_args, epochs, min_steps, accumulation }) => {
    const { batch_size, min_batch_size } = batch_size_args;
    const ratio = Math.ceil(examples / batch_size) * epochs / min_steps;
    const batchSize = ratio >= 1 ? batch_size : Math.max(min_batch_size, Math.floor(batch_size * ratio));
    const missing = min_steps / (Math.ceil(examples / batchSize) * epochs);
    const passes = missing <= 1 ? epochs : Math.ceil(epochs * missing);
    return { batchSize, epochs: passes, steps: stepsOf(examples, batchSize, passes, accumulation) };
  },
};
