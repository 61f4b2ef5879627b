import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Batch } from "../models/batch.ts";
import type { Classifier } from "../models/model.ts";
import type { Pass } from "../models/pass.ts";
import { valueAndGradients } from "../tfjs/value_and_gradients.ts";

/** A step that went wrong, such that it can be run again: with the parameters from before it, which a frozen optimiser keeps. */
export interface FailedStep<B extends Batch> {
  readonly model: Classifier;
  /** Its batches, in order. */
  readonly batches: readonly B[];
  /** A fresh pass, with the dropout of the batch at this place. */
  passOf(index: number): Pass;
  /** Mean loss of a batch, a scalar. */
  loss(batch: B, pass: Pass): Tensor;
}

/**
 * Where a step's first value that is not finite is, as the end of a sentence: in a parameter; else, running the forward pass again
 * in the order of the model, in the embeddings, a layer, the head or the loss; else in a gradient, in the order in which those
 * are computed. It reads what it looks at, which takes as long as it takes: the training is over.
 */
export async function diagnose<B extends Batch>(step: FailedStep<B>): Promise<string> {
  const first = await inParameters(step) ?? await inForwardPasses(step) ?? await inGradients(step);
  return first ? `its first value that is not finite is in ${first}` : "run again, that step's values are all finite";
}

async function inParameters<B extends Batch>({ model }: FailedStep<B>): Promise<string | undefined> {
  const names = model.parameters.names();
  for (const [at, value] of model.parameters.all().entries()) {
    if (!await isFinite(value)) return `parameter ${names[at]}`;
  }
  return undefined;
}

async function inForwardPasses<B extends Batch>(step: FailedStep<B>): Promise<string | undefined> {
  for (const index of step.batches.keys()) {
    const found = await inForwardPass(step, index);
    if (found) return found;
  }
  return undefined;
}

async function inForwardPass<B extends Batch>(
  { model, batches, passOf, loss }: FailedStep<B>,
  index: number,
): Promise<string | undefined> {
  const batch = batches[index]!;
  const layers = tidy(() => [...model.encode(batch, passOf(index)).layers]);
  try {
    for (const [layer, states] of layers.entries()) {
      if (!await isFinite(states)) return layer === 0 ? "the embeddings" : `layer ${layer}`;
    }
  } finally {
    dispose(layers);
  }
  if (!await isFiniteOnce(() => model.logits(batch, passOf(index)))) return "the head";
  return await isFiniteOnce(() => loss(batch, passOf(index))) ? undefined : "the loss";
}

async function inGradients<B extends Batch>(
  { model, batches, passOf, loss }: FailedStep<B>,
): Promise<string | undefined> {
  const names = model.learning.names();
  let largest = { name: "", magnitude: -1 };
  for (const [index, batch] of batches.entries()) {
    const all = model.learning.all();
    const { gradients } = tidy(() => valueAndGradients(() => loss(batch, passOf(index)), all));
    try {
      for (let at = names.length - 1; at >= 0; at--) {
        const values = await gradients[at]!.data() as Float32Array;
        const magnitude = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        if (!Number.isFinite(magnitude)) return `the gradient of ${names[at]}`;
        if (magnitude > largest.magnitude) largest = { name: names[at]!, magnitude };
      }
    } finally {
      dispose(gradients);
    }
  }
  // Each is finite; their squares, or their sum over the batches, may not be.
  return largest.magnitude > LARGE
    ? `the norm of the gradients, the largest of which is that of ${largest.name}`
    : undefined;
}

/** Squares of larger float32 numbers, added up, may be infinite. */
const LARGE = 1e15;

async function isFinite(tensor: Tensor): Promise<boolean> {
  return (await tensor.data() as Float32Array).every(Number.isFinite);
}

async function isFiniteOnce(run: () => Tensor): Promise<boolean> {
  const result = tidy(run);
  try {
    return await isFinite(result);
  } finally {
    result.dispose();
  }
}
