import type { ExperimentConfig, ModelConfig } from "../config/schema.ts";
import { canonicalJson } from "../hash.ts";
import type { Clock } from "../host.ts";
import type { ScanControl } from "../acquisition/scoring_model.ts";
import type { TrainControl, Trained } from "../tasks/task.ts";
import { withPeakBytes } from "../tfjs/memory.ts";
import { budgetOf } from "./budget.ts";
import { type Growth, growthOf, workOf } from "./plan_size.ts";
import type { PreparedPlan } from "./prepare.ts";
import { type RunSpec, trainablePart } from "./run_loop.ts";

/** What one model costs on this device. */
export interface Pace {
  readonly secondsPerStep: number;
  /** Scoring or evaluating one example. */
  readonly secondsPerExample: number;
  /** Of a model whose head alone learns: what the rest makes of one example, once; else 0. */
  readonly secondsToEncode: number;
  /** The most bytes of GPU buffers, in a step and a scan of the longest texts; undefined where there is no GPU. */
  readonly gpuBytes: number | undefined;
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
  const growths = growthsOf(plan);
  let seconds = 0;
  for (const [name, { steps }] of workOf([...growths.keys()], (config) => growths.get(config)!)) {
    seconds += steps * paces.get(name)!.secondsPerStep;
  }
  const evaluated = new Set<string>();
  for (const run of plan.runs) seconds += scanTime(run, growths.get(run.config)!, paces, evaluated);
  for (const examples of encodedOnce(plan)) seconds += examples.count * paces.get(examples.model)!.secondsToEncode;
  return { seconds, paces };
}

/** How many texts each model with a frozen body goes through, once for each data set. */
function encodedOnce({ runs }: PreparedPlan): Iterable<{ readonly model: string; readonly count: number }> {
  const once = new Map<string, { model: string; count: number }>();
  for (const { config, data } of runs) {
    for (const { name, training } of [config.successor_model, config.acquisition_model]) {
      const key = canonicalJson([name, training, config.data]);
      if (training.frozen) once.set(key, { model: name, count: data.train.length + data.test.length });
    }
  }
  return once.values();
}

/** How each experiment of a plan grows. */
export function growthsOf({ runs }: PreparedPlan): Map<ExperimentConfig, Growth> {
  const growths = new Map<ExperimentConfig, Growth>();
  for (const run of runs) {
    if (growths.has(run.config)) continue;
    const trainable = trainablePart(run);
    const { cost } = budgetOf(run.config, run.task, trainable);
    const units = trainable.reduce((sum, example) => sum + cost(example), 0);
    growths.set(run.config, growthOf(run.config, { examples: trainable.length, units }));
  }
  return growths;
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
  const loaded = plan.models.get(model.name)!;
  const learner = task.learner(data, loaded, { ...model.training, step_rule: "fixed", steps: STEPS });
  const control = { ...(signal ? { signal } : {}), report: () => Promise.resolve() };
  const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const began = clock.now();
    const result = await work();
    return [result, (clock.now() - began) / 1000];
  };
  const train = () => learner.train(few, 0, control);
  /** The second time, when all is compiled. */
  const scanSeconds = async ({ model }: Trained) => {
    try {
      await model.evaluate(few, control);
      return (await timed(() => model.evaluate(few, control)))[1] / few.length;
    } finally {
      model.dispose();
    }
  };
  const gpuBytes = await measureMemory(run, plan, model, control);
  (await train()).model.dispose();
  const [trained, trainSeconds] = await timed(train);
  const pace = { secondsPerStep: trainSeconds / STEPS, secondsPerExample: await scanSeconds(trained), gpuBytes };
  if (!model.training.frozen) return { ...pace, secondsToEncode: 0 };
  const { frozen: _, ...training } = model.training;
  const whole = task.learner(data, loaded, { ...training, step_rule: "fixed", steps: 1 });
  return { ...pace, secondsToEncode: await scanSeconds(await whole.train(few, 0, control)) };
}

/** One step, and one batch evaluated, on the longest texts that there are. */
async function measureMemory(
  { data, task }: RunSpec,
  plan: PreparedPlan,
  { name, training }: ModelConfig,
  control: TrainControl & ScanControl,
): Promise<number | undefined> {
  const { batch_size, eval_batch_size } = training.batch_size_args;
  const longest = [...data.train].sort((a, b) => b.text.length - a.text.length).map((example) => ({
    ...example,
    label: example.label!,
  }));
  const learner = task.learner(data, plan.models.get(name)!, { ...training, step_rule: "fixed", steps: 1 });
  const [, bytes] = await withPeakBytes(async () => {
    const { model } = await learner.train(longest.slice(0, batch_size * training.accumulation), 0, control);
    try {
      await model.evaluate(longest.slice(0, eval_batch_size), control);
    } finally {
      model.dispose();
    }
  });
  return bytes;
}

function scanTime(
  run: RunSpec,
  { pool, labelledAt }: Growth,
  paces: ReadonlyMap<string, Pace>,
  evaluated: Set<string>,
): number {
  const { config, data, strategy, subsampler, seed } = run;
  const trainingSize = pool.examples;
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
