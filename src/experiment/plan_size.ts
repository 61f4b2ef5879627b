import type { ExperimentConfig } from "../config/schema.ts";
import { stepRules } from "../training/step_rules.ts";
import { amountsOf } from "./budget.ts";
import { plannedTrainings } from "./count_trainings.ts";

/** What there is to label in one experiment. */
export interface PoolSize {
  /** Without what is held out for validation. */
  readonly examples: number;
  /** What labelling all of them would cost: examples, or tokens. */
  readonly units: number;
}

/** How an experiment grows. */
export interface Growth {
  readonly pool: PoolSize;
  /** What the warm start, and a query, cost. */
  readonly init: number;
  readonly step: number;
  /** About how many examples are labelled in a round. */
  labelledAt(round: number): number;
}

/** Seeds differ in which examples they draw, not in how many. */
export function growthOf({ al }: ExperimentConfig, pool: PoolSize): Growth {
  const { init, step } = amountsOf(al, pool.units);
  const each = pool.units / pool.examples;
  const labelledAt = (round: number) => Math.min(pool.examples, Math.max(1, Math.round((init + round * step) / each)));
  return { pool, init, step, labelledAt };
}

/** What a plan trains of one model. */
export interface ModelWork {
  readonly trainings: number;
  /** Steps of the shortest training, of the longest, and of all. */
  readonly least: number;
  readonly most: number;
  readonly steps: number;
}

/** The work of each model of a plan, by name; each training once, whoever needs it. */
export function workOf(
  experiments: readonly ExperimentConfig[],
  growthIn: (config: ExperimentConfig) => Growth,
): Map<string, ModelWork> {
  const work = new Map<string, ModelWork>();
  for (const { model: { name, training }, round, config } of plannedTrainings(experiments)) {
    const examples = growthIn(config).labelledAt(round);
    const { steps } = stepRules.get(training.step_rule).budget({ ...training, examples });
    const before = work.get(name) ?? { trainings: 0, least: steps, most: steps, steps: 0 };
    work.set(name, {
      trainings: before.trainings + 1,
      least: Math.min(before.least, steps),
      most: Math.max(before.most, steps),
      steps: before.steps + steps,
    });
  }
  return work;
}
