import type { ExperimentConfig, ModelConfig } from "../config/schema.ts";
import { canonicalJson } from "../hash.ts";
import type { Clock } from "../host.ts";
import { stepRules } from "../training/step_rules.ts";
import { budgetOf } from "./budget.ts";
import { plannedTrainings } from "./count_trainings.ts";
import type { PreparedPlan } from "./prepare.ts";
import { type RunSpec, trainablePart } from "./run_loop.ts";

/** What one model costs on this device. */
export interface Pace {
  readonly secondsPerStep: number;
  /** Scoring or evaluating one example. */
  readonly secondsPerExample: number;
}

export interface Estimate {
  readonly seconds: number;
  readonly paces: ReadonlyMap<string, Pace>;
}

const STEPS = 6;
const EXAMPLES = 96;

/** Estimates a plan's time from a few measured steps and scans of each of its models. Needs the device that it will run on. */
export async function estimate(plan: PreparedPlan, clock: Clock, signal?: AbortSignal): Promise<Estimate> {
  const paces = new Map<string, Pace>();
  for (const run of plan.runs) {
    for (const model of [run.config.successor_model, run.config.acquisition_model]) {
      if (!paces.has(model.name)) paces.set(model.name, await measure(run, plan, model, clock, signal));
    }
  }
  // The size of a run is that of its experiment: seeds differ in which examples they draw, not in how many.
  const sizes = new Map<ExperimentConfig, RunSize>();
  for (const run of plan.runs) if (!sizes.has(run.config)) sizes.set(run.config, sizeOf(run));
  let seconds = 0;
  for (const { model: { name, training }, round, config } of plannedTrainings([...sizes.keys()])) {
    const request = { ...training, examples: sizes.get(config)!.labelledAt(round) };
    seconds += stepRules.get(training.step_rule).budget(request).steps * paces.get(name)!.secondsPerStep;
  }
  const evaluated = new Set<string>();
  for (const run of plan.runs) seconds += scanSeconds(run, sizes.get(run.config)!, paces, evaluated);
  return { seconds, paces };
}

/** Trains for a few steps twice, the first time to compile, and scores a few batches likewise. */
async function measure(
  run: RunSpec,
  plan: PreparedPlan,
  model: ModelConfig,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Pace> {
  const { data, task } = run;
  const few = data.train.slice(0, EXAMPLES).map((example) => ({ ...example, label: example.label! }));
  const learner = task.learner(data, plan.models.get(model.name)!, {
    ...model.training,
    step_rule: "fixed",
    steps: STEPS,
  });
  const control = { ...(signal ? { signal } : {}), report: () => Promise.resolve() };
  const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const began = clock.now();
    const result = await work();
    return [result, (clock.now() - began) / 1000];
  };
  const train = () => learner.train(few, 0, control);
  (await train()).model.dispose();
  const [trained, trainSeconds] = await timed(train);
  try {
    await trained.model.evaluate(few, control);
    const [, scanSeconds] = await timed(() => trained.model.evaluate(few, control));
    return { secondsPerStep: trainSeconds / STEPS, secondsPerExample: scanSeconds / few.length };
  } finally {
    trained.model.dispose();
  }
}

/** What of a run's size its cost depends on. */
interface RunSize {
  readonly trainingSize: number;
  /** About how many examples are labelled in a round. */
  labelledAt(round: number): number;
}

function sizeOf(run: RunSpec): RunSize {
  const trainable = trainablePart(run);
  const trainingSize = trainable.length;
  const budget = budgetOf(run.config, run.task, trainable);
  const each = trainable.reduce((sum, example) => sum + budget.cost(example), 0) / trainingSize;
  return {
    trainingSize,
    labelledAt: (round) => Math.min(trainingSize, Math.max(1, Math.round((budget.init + round * budget.step) / each))),
  };
}

function scanSeconds(
  run: RunSpec,
  { trainingSize, labelledAt }: RunSize,
  paces: ReadonlyMap<string, Pace>,
  evaluated: Set<string>,
): number {
  const { config, data, strategy, subsampler, seed } = run;
  let seconds = 0;
  for (let round = 0; round <= config.al.num_queries; round++) {
    const key = canonicalJson([config.successor_model, seed, round === 0 ? null : config.name, round]);
    if (!evaluated.has(key)) seconds += data.test.length * paces.get(config.successor_model.name)!.secondsPerExample;
    evaluated.add(key);
    if (round === 0 || strategy.needs.length === 0) continue;
    const left = Math.max(0, trainingSize - labelledAt(round - 1));
    const scored = subsampler.expectedSize(left, { trainingSize, query: round - 1, al: config.al });
    const passes = strategy.needs.includes("dropoutCommittee") ? config.al.dropout_passes : 1;
    seconds += scored * passes * paces.get(config.acquisition_model.name)!.secondsPerExample;
  }
  return seconds;
}
