import type { AlConfig, ExperimentConfig } from "../config/schema.ts";
import type { Example } from "../data/example.ts";
import type { Task } from "../tasks/task.ts";

/** What labelling costs in one experiment: examples or tokens. */
export interface Budget {
  cost(example: Example): number;
  /** What the warm start, and a step, may cost. */
  readonly init: number;
  readonly step: number;
  readonly unit: "examples" | "tokens";
}

/** Amounts below 1 are fractions of what all of `trainable` would cost. */
export function budgetOf({ al }: ExperimentConfig, task: Task, trainable: readonly Example[]): Budget {
  const cost = al.split_by_tokens ? (example: Example) => task.tokens(example) : () => 1;
  const total = trainable.reduce((sum, example) => sum + cost(example), 0);
  return { cost, ...amountsOf(al, total), unit: al.split_by_tokens ? "tokens" : "examples" };
}

/** What the warm start, and a step, may cost, where all that there is would cost `total`. */
export function amountsOf(al: AlConfig, total: number): Pick<Budget, "init" | "step"> {
  const amount = (fractionOrCount: number) =>
    fractionOrCount < 1 ? Math.max(1, Math.round(fractionOrCount * total)) : fractionOrCount;
  return { init: amount(al.init_p_or_n), step: amount(al.step_p_or_n) };
}

/** The first of a ranking until the amount is reached; the last one may go beyond it. */
export function within(ranked: readonly Example[], amount: number, { cost }: Budget): Example[] {
  const taken: Example[] = [];
  let spent = 0;
  for (const example of ranked) {
    if (spent >= amount) break;
    taken.push(example);
    spent += cost(example);
  }
  return taken;
}
