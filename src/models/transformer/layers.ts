import { add, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { activation } from "../../tfjs/operations/activation.ts";
import { attention } from "../../tfjs/operations/attention.ts";
import { residualLayerNorm } from "../../tfjs/operations/residual_layer_norm.ts";
import type { Parameters } from "../../tfjs/parameters.ts";
import { applyDense, applyNorm, scaleAndShift } from "../apply.ts";
import type { Batch } from "../batch.ts";
import type { Pass } from "../pass.ts";
import type { LayerNames, Transformer } from "./transformer.ts";

/**
 * Layers of self-attention and a feed-forward network, on embeddings [rows, length, hidden]. Gives the states after each, the
 * embeddings first. Where norms come before, the last states have none yet.
 */
export function runLayers(
  parameters: Parameters,
  transformer: Transformer,
  embedded: Tensor,
  batch: Batch,
  pass: Pass,
): Tensor[] {
  const states = [embedded];
  const mask = tensor(batch.mask, [batch.rows, batch.length]);
  const run = { after: normAfter, before: normBefore }[transformer.norm];
  for (let index = 0; index < transformer.layers; index++) {
    states.push(run(parameters, transformer, transformer.names(index), states.at(-1)!, mask, pass));
  }
  return states;
}

function normAfter(
  parameters: Parameters,
  transformer: Transformer,
  names: LayerNames,
  input: Tensor,
  mask: Tensor,
  pass: Pass,
): Tensor {
  const { epsilon, dropout } = transformer;
  const added = (norm: string, output: Tensor, residual: Tensor, probability: number) =>
    residualLayerNorm(output, residual, ...scaleAndShift(parameters, norm), epsilon, pass.site(probability));
  const attended = attend(parameters, transformer, names, input, mask, pass);
  const middle = added(names.attentionNorm, attended, input, dropout.attended);
  return added(names.outputNorm, feedForward(parameters, transformer, names, middle), middle, dropout.output);
}

function normBefore(
  parameters: Parameters,
  transformer: Transformer,
  names: LayerNames,
  input: Tensor,
  mask: Tensor,
  pass: Pass,
): Tensor {
  const { epsilon, dropout } = transformer;
  const normal = (norm: string, x: Tensor) => applyNorm(parameters, norm, x, epsilon);
  const attended = attend(parameters, transformer, names, normal(names.attentionNorm, input), mask, pass);
  const middle = add(input, pass.dropout(attended, dropout.attended));
  const output = feedForward(parameters, transformer, names, normal(names.outputNorm, middle));
  return add(middle, pass.dropout(output, dropout.output));
}

/** Self-attention of rows `hidden` wide, projected again. */
export function attend(
  parameters: Parameters,
  { hidden, heads, causal, dropout }: Pick<Transformer, "hidden" | "heads" | "causal" | "dropout">,
  names: Pick<LayerNames, "query" | "key" | "value" | "attended">,
  input: Tensor,
  mask: Tensor,
  pass: Pass,
): Tensor {
  const project = (name: string) => applyDense(parameters, name, input);
  const ofWeights = pass.site(dropout.attentionWeights);
  const context = attention(project(names.query), project(names.key), project(names.value), {
    heads,
    scale: 1 / Math.sqrt(hidden / heads),
    mask,
    causal,
    ...(ofWeights ? { dropout: ofWeights } : {}),
  });
  return applyDense(parameters, names.attended, context);
}

/** A network of one hidden layer on each token's state. */
export function feedForward(
  parameters: Parameters,
  { activation: kind }: Pick<Transformer, "activation">,
  names: Pick<LayerNames, "inner" | "output">,
  input: Tensor,
): Tensor {
  const inner = activation(applyDense(parameters, names.inner, input), kind);
  return applyDense(parameters, names.output, inner);
}
