import { relu, type Tensor } from "@tensorflow/tfjs-core";
import * as v from "valibot";
import { embedding } from "../../tfjs/operations/embedding.ts";
import { layerNorm } from "../../tfjs/operations/layer_norm.ts";
import { linear } from "../../tfjs/operations/linear.ts";
import type { Parameters } from "../../tfjs/parameters.ts";
import type { Architecture, Encoded, InitialParameter } from "../architecture.ts";
import { type Batch, tokenIds } from "../batch.ts";
import { parseConfig } from "../parse_config.ts";
import type { Pass } from "../pass.ts";
import { meanOfTokens } from "../pooling.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const schema = v.object({
  model_type: v.literal("bag"),
  vocab_size: count,
  /** The width of an embedding. */
  embedding_size: count,
  hidden_size: count,
  dropout_prob: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  embedding_initializer_range: v.number(),
  pad_token_id: v.optional(v.number(), 0),
  // JSON has no infinity; no position is counted, so any length will do.
  max_position_embeddings: v.optional(count, Number.MAX_SAFE_INTEGER),
});

const EPSILON = 1e-12;

export type BagConfig = v.InferOutput<typeof schema>;

/**
 * A bag of words: the mean of a text's token embeddings, normalised, and a network of one hidden layer. It sees no order, so it is as unlike
 * an encoder as a text model can be.
 *
 * @see Iyyer et al., Deep Unordered Composition Rivals Syntactic Methods for Text Classification, 2015
 */
export const bag: Architecture<BagConfig> = {
  name: "bag",
  parseConfig: (json, source) => parseConfig(schema, json, source),
  backbone: ({ vocab_size: words, embedding_size: size, embedding_initializer_range: range }) => [
    {
      name: "bag.embeddings.weight",
      shape: [words, size],
      decays: true,
      initializer: { kind: "normal", range },
    },
  ],
  parameterName: (stored) => stored,
  dropout: ({ dropout_prob }) => dropout_prob,
  encode: (parameters, config, batch) => {
    const hidden = embedding(parameters.get("bag.embeddings.weight"), tokenIds(batch, config.pad_token_id));
    return { hidden, layers: [hidden] };
  },
  classification: {
    parameters: ({ embedding_size: inputs, hidden_size: hidden }, outputs) => [
      ...norm("bag.LayerNorm", inputs),
      ...dense("bag.hidden", hidden, inputs),
      ...dense("classifier", outputs, hidden),
    ],
    features,
    logits,
  },
};

/** The hidden layer's output. */
function features(parameters: Parameters, config: BagConfig, { hidden }: Encoded, batch: Batch, pass: Pass): Tensor {
  const scale = [parameters.get("bag.LayerNorm.weight"), parameters.get("bag.LayerNorm.bias")] as const;
  // A mean of many embeddings is small; without the norm it takes hundreds of steps until the network listens to it.
  const pooled = pass.dropout(layerNorm(meanOfTokens(hidden, batch), ...scale, EPSILON), config.dropout_prob);
  return relu(apply(parameters, "bag.hidden", pooled));
}

function logits(parameters: Parameters, config: BagConfig, hidden: Tensor, pass: Pass): Tensor {
  return apply(parameters, "classifier", pass.dropout(hidden, config.dropout_prob));
}

function apply(parameters: Parameters, name: string, x: Tensor): Tensor {
  return linear(x, parameters.get(`${name}.weight`), parameters.get(`${name}.bias`));
}

function norm(name: string, size: number): InitialParameter[] {
  return [
    { name: `${name}.weight`, shape: [size], decays: false, initializer: { kind: "constant", value: 1 } },
    { name: `${name}.bias`, shape: [size], decays: false, initializer: { kind: "constant", value: 0 } },
  ];
}

function dense(name: string, outputs: number, inputs: number): InitialParameter[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], decays: true, initializer: { kind: "xavier" } },
    { name: `${name}.bias`, shape: [outputs], decays: false, initializer: { kind: "constant", value: 0 } },
  ];
}
