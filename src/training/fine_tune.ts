import { add, concat, dispose, mul, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { TrainingConfig } from "../config/schema.ts";
import { Failure, stopIfAborted } from "../errors.ts";
import { hash } from "../hash.ts";
import type { Batch } from "../models/batch.ts";
import type { BatchSize } from "../models/memory.ts";
import type { Classifier } from "../models/model.ts";
import { type Pass, trainingPass } from "../models/pass.ts";
import { createAdamW, learningRateAt } from "../tfjs/adamw.ts";
import { constant } from "../tfjs/constants.ts";
import { releaseFreeBuffers } from "../tfjs/memory.ts";
import { valueAndGradients } from "../tfjs/value_and_gradients.ts";
import { advised } from "./advised.ts";
import { diagnose } from "./diagnose.ts";
import { linearRate } from "./schedule.ts";
import type { StepBudget } from "./step_rules/step_rule.ts";

/** How far a training is. */
export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** Of the last step. */
  readonly loss: number;
  /** Examples that the steps so far have seen. */
  readonly examples: number;
}

export interface FineTuning<B extends Batch> {
  readonly model: Classifier;
  readonly budget: StepBudget;
  readonly config: TrainingConfig;
  readonly seed: number;
  /** The model's name: with the seed, the key of all randomness. */
  readonly modelName: string;
  /** The batches of a pass over the data, shuffled for it. */
  batches(epoch: number): readonly B[];
  /** Mean loss of a batch, a scalar. */
  loss(batch: B, pass: Pass): Tensor;
  /** Told of each few steps; the training waits for it. */
  report(progress: TrainingProgress): Promise<void>;
  readonly signal: AbortSignal | undefined;
}

/** Losses stay on the GPU for so many steps before they are read together: a read waits for all work before it. */
const STEPS_A_READ = 10;

/** A step whose loss is not read yet, and what it takes to run it again. */
interface UnreadStep<B> {
  readonly loss: Tensor;
  readonly batches: readonly B[];
}

/**
 * Trains a model's parameters in place, those that learn, by AdamW with linear warm-up and decay, clipping and gradient accumulation:
 * a step takes up to `accumulation` batches of one pass over the data, each weighed by its examples, so that it is that of one batch of
 * all of them. Gives the loss of each step. The same model, data, configuration and seed give the same bytes on the same device.
 *
 * Where a step's gradient is not finite, neither that step nor those after it change the parameters; on other backends than ours
 * they do, until the losses are read.
 *
 * @throws Failure where a loss or a gradient is no longer finite, which says where in the model that began, or where the GPU's memory does
 * not hold a step, which says what would fit
 */
export async function fineTune<B extends Batch>(tuning: FineTuning<B>): Promise<number[]> {
  const { model, budget, config, signal } = tuning;
  const parameters = model.learning.all();
  const rate = linearRate(config.lr, budget.steps, config.warmup);
  const optimizer = createAdamW(
    model.learning,
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: config.weight_decay, clip: config.clip },
    rate,
  );
  const dropoutSeed = Number.parseInt(hash(JSON.stringify([tuning.seed, tuning.modelName, "dropout"]), 8), 16);
  const passOf = (step: number, index: number) => trainingPass(dropoutSeed, step * config.accumulation + index);
  const losses: number[] = [];
  const unread: UnreadStep<B>[] = [];
  let examples = 0;
  let underWay: readonly B[] = [];
  try {
    const queue = endless(tuning.batches, config.accumulation);
    for (let step = 0; step < budget.steps; step++) {
      stopIfAborted(signal);
      const batches = queue.next().value;
      underWay = batches;
      unread.push({ loss: oneStep(step, batches), batches });
      examples += batches.reduce((sum, batch) => sum + batch.rows, 0);
      if (unread.length === STEPS_A_READ || step + 1 === budget.steps) {
        await readLosses();
        await tuning.report({ step: step + 1, steps: budget.steps, loss: losses.at(-1)!, examples });
      }
    }
    return losses;
  } catch (thrown) {
    const shortfall = { spec: model.spec, modelName: tuning.modelName, config, ...largest() };
    throw await advised(thrown, ({ withMemoryAdvice }) => withMemoryAdvice(thrown, shortfall));
  } finally {
    dispose(unread.map(({ loss }) => loss));
    optimizer.dispose();
    releaseFreeBuffers();
  }

  /** Of the batches that may have gone wrong by now: the GPU tells late. */
  function largest(): BatchSize {
    const sizes = [...unread.flatMap(({ batches }) => batches), ...underWay].map(({ rows, length }) => ({
      batch: rows,
      length,
    }));
    return sizes.reduce((a, b) => (a.batch * a.length >= b.batch * b.length ? a : b), { batch: 0, length: 0 });
  }

  /** Gives the step's loss. A batch's gradients are let go before the next batch's begin. */
  function oneStep(step: number, batches: readonly B[]): Tensor {
    const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
    return tidy(() => {
      const parts = batches.map((batch, index) =>
        tidy(() => {
          const loss = () => scaled(tuning.loss(batch, passOf(step, index)), batch.rows / rows);
          const { value, gradients } = valueAndGradients(loss, parameters);
          optimizer.accumulate(gradients);
          return value;
        })
      );
      optimizer.step();
      return parts.reduce((sum, value) => add(sum, value));
    });
  }

  /** In one read with what the optimiser says, since each is a wait. */
  async function readLosses(): Promise<void> {
    const first = losses.length;
    const read = await readScalars([...unread.map(({ loss }) => loss), optimizer.frozen()]);
    const frozen = read.pop()!;
    losses.push(...read);
    const bad = losses.findIndex((loss, step) => !Number.isFinite(loss) || step + 1 === frozen);
    if (bad >= 0) throw await divergence(bad, unread[bad - first]!.batches);
    dispose(unread.splice(0).map(({ loss }) => loss));
  }

  async function divergence(step: number, batches: readonly B[]): Promise<Failure> {
    const where = await diagnose({
      model,
      batches,
      passOf: (index) => passOf(step, index),
      loss: (batch, pass) => tuning.loss(batch, pass),
    });
    const lr = Number(learningRateAt(rate, step).toPrecision(3));
    return new Failure(
      `the training of ${tuning.modelName} diverged: its loss is ${losses[step]} at step ${
        step + 1
      }, lr ${lr}; ${where}. ` +
        "Try a lower lr",
    );
  }
}

function scaled(loss: Tensor, share: number): Tensor {
  return share === 1 ? loss : mul(loss, constant(share));
}

/** The batches of each step, pass after pass over the data; the last step of a pass may have fewer. */
function* endless<B>(batches: (epoch: number) => readonly B[], perStep: number): Generator<readonly B[], never> {
  for (let epoch = 0;; epoch++) {
    const all = batches(epoch);
    for (let at = 0; at < all.length; at += perStep) yield all.slice(at, at + perStep);
  }
}

async function readScalars(scalars: readonly Tensor[]): Promise<number[]> {
  const joined = tidy(() => concat(scalars.map((scalar) => reshape(scalar, [1])), 0));
  try {
    return Array.from(await joined.data());
  } finally {
    joined.dispose();
  }
}
