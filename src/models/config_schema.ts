import * as v from "valibot";
import { InputError } from "../errors.ts";
import type { ActivationKind } from "../tfjs/operations/activation.ts";

/** Kinds of values that a `config.json` holds. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(1));
export const id = v.pipe(v.number(), v.integer(), v.minValue(0));
export const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Hugging Face's names of activation functions. */
const activations: Readonly<Record<string, ActivationKind>> = {
  gelu: "gelu",
  gelu_new: "gelu_tanh",
  gelu_pytorch_tanh: "gelu_tanh",
  relu: "relu",
  tanh: "tanh",
};
export const activationName = v.pipe(
  v.picklist(Object.keys(activations)),
  v.transform((name): keyof typeof activations => name),
);

export function activationOf(name: string): ActivationKind {
  return activations[name]!;
}

/** Position embeddings that are added; others are not there yet. */
export const absolutePositions = v.optional(v.literal("absolute"), "absolute");

/** @throws InputError where the heads do not share the width evenly; the keys are those that the file uses */
export function requireHeads(
  source: string,
  [hiddenKey, hidden]: [string, number],
  [headsKey, heads]: [string, number],
) {
  if (hidden % heads === 0) return;
  throw new InputError(`${source}: ${hiddenKey} ${hidden} is not a multiple of ${headsKey} ${heads}`);
}
