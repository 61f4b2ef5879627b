import { type StepRule, stepsOf } from "./step_rule.ts";

/** Exactly `training.steps`, however many labels there are; the last pass over them may be cut short. */
export const fixed: StepRule = {
  name: "fixed",
  budget: ({ examples, batch_size_args: { batch_size }, steps, accumulation }) => {
    if (steps === null) throw new RangeError("the rule 'fixed' needs training.steps");
    return { batchSize: batch_size, epochs: steps / stepsOf(examples, batch_size, 1, accumulation), steps };
  },
};
