import { add, concat, dispose, mul, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { TrainingConfig } from "../config/schema.ts";
import { Failure, stopIfAborted } from "../errors.ts";
import type { Batch } from "../models/batch.ts";
import type { Classifier } from "../models/model.ts";
import { type Pass, trainingPass } from "../models/pass.ts";
import { hash } from "../hash.ts";
import { createAdamW } from "../tfjs/adamw.ts";
import { constant } from "../tfjs/constants.ts";
import { releaseFreeBuffers } from "../tfjs/memory.ts";
import { valueAndGradients } from "../tfjs/value_and_gradients.ts";
import { linearSchedule } from "./schedule.ts";
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

/**
 * Trains a model's parameters in place, by AdamW with linear warm-up and decay, clipping and gradient accumulation. Gives the loss
 * of each step. The same model, data, configuration and seed give the same bytes on the same device.
 *
 * @throws Failure where the loss is no longer a number
 */
export async function fineTune<B extends Batch>(tuning: FineTuning<B>): Promise<number[]> {
  const { model, budget, config, signal } = tuning;
  const parameters = model.parameters.all();
  const optimizer = createAdamW(model.parameters, {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    decay: config.weight_decay,
    clip: config.clip,
  });
  const dropoutSeed = Number.parseInt(hash(JSON.stringify([tuning.seed, tuning.modelName, "dropout"]), 8), 16);
  const losses: number[] = [];
  const unread: Tensor[] = [];
  let examples = 0;
  try {
    const queue = endless(tuning.batches);
    for (let step = 0; step < budget.steps; step++) {
      stopIfAborted(signal);
      const micro = Array.from({ length: config.accumulation }, () => queue.next().value!);
      unread.push(oneStep(step, micro));
      examples += micro.reduce((sum, batch) => sum + batch.rows, 0);
      if (unread.length === STEPS_A_READ || step + 1 === budget.steps) {
        losses.push(...await readScalars(unread));
        const diverged = losses.findIndex((loss) => !Number.isFinite(loss));
        if (diverged >= 0) {
          throw new Failure(
            `the training of ${tuning.modelName} diverged: its loss is ${losses[diverged]} at step ${diverged + 1}. ` +
              "Try a lower lr",
          );
        }
        const loss = losses.at(-1)!;
        await tuning.report({ step: step + 1, steps: budget.steps, loss, examples });
      }
    }
    return losses;
  } finally {
    dispose(unread);
    optimizer.dispose();
    releaseFreeBuffers();
  }

  function oneStep(step: number, micro: readonly B[]): Tensor {
    return tidy(() => {
      const share = 1 / micro.length;
      const parts = micro.map((batch, index) => {
        const pass = trainingPass(dropoutSeed, step * micro.length + index);
        return valueAndGradients(() => scaled(tuning.loss(batch, pass), share), parameters);
      });
      const gradients = parts.map((part) => part.gradients)
        .reduce((sum, each) => sum.map((gradient, index) => add(gradient, each[index]!)));
      optimizer.step(gradients, config.lr * linearSchedule(step, budget.steps, config.warmup));
      return parts.map((part) => part.value).reduce((sum, value) => add(sum, value));
    });
  }
}

function scaled(loss: Tensor, share: number): Tensor {
  return share === 1 ? loss : mul(loss, constant(share));
}

/** Pass after pass over the data. */
function* endless<B>(batches: (epoch: number) => readonly B[]): Generator<B, never> {
  for (let epoch = 0;; epoch++) yield* batches(epoch);
}

async function readScalars(scalars: Tensor[]): Promise<number[]> {
  const joined = tidy(() => concat(scalars.map((scalar) => reshape(scalar, [1])), 0));
  dispose(scalars.splice(0));
  const values = Array.from(await joined.data());
  joined.dispose();
  return values;
}
