import { add, type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { Parameters } from "../../tfjs/parameters.ts";
import { applyDense, applyNorm } from "../apply.ts";
import type { InitialParameter } from "../architecture.ts";
import type { Batch } from "../batch.ts";
import { dense, norm } from "../initial.ts";
import type { Initializer } from "../initializer.ts";
import type { Pass } from "../pass.ts";
import { attend, feedForward } from "../transformer/layers.ts";

/** What the layers of the encoder are made of. Each half begins with a norm, and adds to what came before. */
export interface Layers {
  readonly count: number;
  readonly heads: number;
  /** The width of the embeddings, and of the first layer's attention. */
  readonly embedding: number;
  /** The width of all states but the embeddings. */
  readonly hidden: number;
  /** The width of the feed-forward networks. */
  readonly inner: number;
  readonly epsilon: number;
  readonly dropout: { readonly attentionWeights: number; readonly hidden: number };
}

/** The parameters of all layers, in their order. */
export function useLiteParameters(layers: Layers, initializer: Initializer): InitialParameter[] {
  const { hidden, inner } = layers;
  return Array.from({ length: layers.count }, (_, index) => {
    const names = namesOf(index);
    const width = widthOf(layers, index);
    return [
      ...(width === hidden ? [] : dense(names.input, hidden, width, initializer)),
      ...norm(names.attentionNorm, width),
      ...dense(names.query, width, width, initializer),
      ...dense(names.key, width, width, initializer),
      ...dense(names.value, width, width, initializer),
      ...dense(names.attended, hidden, width, initializer),
      ...norm(names.outputNorm, hidden),
      ...dense(names.inner, inner, hidden, initializer),
      ...dense(names.output, hidden, inner, initializer),
    ];
  }).flat();
}

/** The states after each layer, the embeddings [rows, length, embedding] first. */
export function runUseLite(
  parameters: Parameters,
  layers: Layers,
  embedded: Tensor,
  batch: Batch,
  pass: Pass,
): Tensor[] {
  const { heads, hidden, epsilon, dropout } = layers;
  const states = [embedded];
  const mask = tensor(batch.mask, [batch.rows, batch.length]);
  for (let index = 0; index < layers.count; index++) {
    const input = states.at(-1)!;
    const names = namesOf(index);
    const width = widthOf(layers, index);
    const attention = {
      hidden: width,
      heads,
      causal: false,
      dropout: { ...dropout, attended: dropout.hidden, output: dropout.hidden },
    };
    const normal = applyNorm(parameters, names.attentionNorm, input, epsilon);
    const attended = attend(parameters, attention, names, normal, mask, pass);
    // What is added to has the width of what is added.
    const residual = width === hidden ? input : applyDense(parameters, names.input, input);
    const middle = add(residual, pass.dropout(attended, dropout.hidden));
    const output = feedForward(
      parameters,
      { activation: "relu" },
      names,
      applyNorm(parameters, names.outputNorm, middle, epsilon),
    );
    states.push(add(middle, pass.dropout(output, dropout.hidden)));
  }
  return states;
}

function widthOf({ embedding, hidden }: Layers, index: number): number {
  return index === 0 ? embedding : hidden;
}

function namesOf(index: number) {
  const layer = `encoder.layer.${index}`;
  return {
    input: `${layer}.input`,
    attentionNorm: `${layer}.attention.LayerNorm`,
    query: `${layer}.attention.query`,
    key: `${layer}.attention.key`,
    value: `${layer}.attention.value`,
    attended: `${layer}.attention.output`,
    outputNorm: `${layer}.feed_forward.LayerNorm`,
    inner: `${layer}.feed_forward.inner`,
    output: `${layer}.feed_forward.output`,
  };
}
