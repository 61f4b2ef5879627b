/** How many steps a training takes, and of what size. */
export interface StepBudget {
  readonly batchSize: number;
  /** Passes over the data; a fixed number of steps may end within one, so this is then a fraction. */
  readonly epochs: number;
  /** Gradient steps; each takes `accumulation` batches. */
  readonly steps: number;
}

/** What the budget depends on. */
export interface BudgetRequest {
  /** N, labelled examples. */
  readonly examples: number;
  readonly batch_size_args: { readonly batch_size: number; readonly min_batch_size: number };
  readonly epochs: number;
  /** Q, the least number of gradient steps. */
  readonly min_steps: number;
  /** Where the rule is `fixed`. */
  readonly steps: number | null;
  readonly accumulation: number;
}

export interface StepRule {
  readonly name: string;
  budget(request: BudgetRequest): StepBudget;
}

/** Whole batches of an epoch, `accumulation` of them a step. */
export function stepsOf(examples: number, batchSize: number, epochs: number, accumulation: number): number {
  return Math.ceil(Math.ceil(examples / batchSize) / accumulation) * epochs;
}
