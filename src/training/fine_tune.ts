import { add, concat, dispose, mul, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { TrainingConfig } from "../config/schema.ts";
import { Failure, stopIfAborted } from "../errors.ts";
import { hash } from "../hash.ts";
import type { Batch } from "../models/batch.ts";
import type { Classifier } from "../models/model.ts";
import { type Pass, trainingPass } from "../models/pass.ts";
import { createAdamW, learningRateAt } from "../tfjs/adamw.ts";
import { constant } from "../tfjs/constants.ts";
import { releaseFreeBuffers } from "../tfjs/memory.ts";
import { valueAndGradients } from "../tfjs/value_and_gradients.ts";
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
 * Trains a model's parameters in place, by AdamW with linear warm-up and decay, clipping and gradient accumulation. Gives the loss
 * of each step. The same model, data, configuration and seed give the same bytes on the same device.
 *
 * Where a step's gradient is not finite, neither that step nor those after it change the parameters; on other backends than ours
 * they do, until the losses are read.
 *
 * @throws Failure where a loss or a gradient is no longer finite; it says where in the model that began
 */
export async function fineTune<B extends Batch>(tuning: FineTuning<B>): Promise<number[]> {
  const { model, budget, config, signal } = tuning;
  const parameters = model.parameters.all();
  const rate = linearRate(config.lr, budget.steps, config.warmup);
  const optimizer = createAdamW(
    model.parameters,
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: config.weight_decay, clip: config.clip },
    rate,
  );
  const dropoutSeed = Number.parseInt(hash(JSON.stringify([tuning.seed, tuning.modelName, "dropout"]), 8), 16);
  const passOf = (step: number, index: number) => trainingPass(dropoutSeed, step * config.accumulation + index);
  const losses: number[] = [];
  const unread: UnreadStep<B>[] = [];
  let examples = 0;
  try {
    const queue = endless(tuning.batches);
    for (let step = 0; step < budget.steps; step++) {
      stopIfAborted(signal);
      const batches = Array.from({ length: config.accumulation }, () => queue.next().value!);
      unread.push({ loss: oneStep(step, batches), batches });
      examples += batches.reduce((sum, batch) => sum + batch.rows, 0);
      if (unread.length === STEPS_A_READ || step + 1 === budget.steps) {
        await readLosses();
        await tuning.report({ step: step + 1, steps: budget.steps, loss: losses.at(-1)!, examples });
      }
    }
    return losses;
  } finally {
    dispose(unread.map(({ loss }) => loss));
    optimizer.dispose();
    releaseFreeBuffers();
  }

  /** Gives the step's loss. A batch's gradients are let go before the next batch's begin. */
  function oneStep(step: number, batches: readonly B[]): Tensor {
    return tidy(() => {
      const parts = batches.map((batch, index) =>
        tidy(() => {
          const loss = () => scaled(tuning.loss(batch, passOf(step, index)), 1 / batches.length);
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

/** Pass after pass over the data. */
function* endless<B>(batches: (epoch: number) => readonly B[]): Generator<B, never> {
  for (let epoch = 0;; epoch++) yield* batches(epoch);
}

async function readScalars(scalars: readonly Tensor[]): Promise<number[]> {
  const joined = tidy(() => concat(scalars.map((scalar) => reshape(scalar, [1])), 0));
  try {
    return Array.from(await joined.data());
  } finally {
    joined.dispose();
  }
}
