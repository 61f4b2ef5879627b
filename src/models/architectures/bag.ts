import { relu, type Tensor } from "@tensorflow/tfjs-core";
import * as v from "valibot";
import { embedding } from "../../tfjs/operations/embedding.ts";
import type { Parameters } from "../../tfjs/parameters.ts";
import { applyDense, applyNorm } from "../apply.ts";
import type { Architecture, Encoded } from "../architecture.ts";
import { type Batch, tokenIds } from "../batch.ts";
import { count, probability } from "../config_schema.ts";
import { dense, norm, table } from "../initial.ts";
import { parseConfig } from "../parse_config.ts";
import { whole } from "../published.ts";
import type { Pass } from "../pass.ts";
import { meanOfTokens } from "../pooling.ts";

const schema = v.object({
  model_type: v.literal("bag"),
  vocab_size: count,
  /** The width of an embedding. */
  embedding_size: count,
  hidden_size: count,
  dropout_prob: probability,
  embedding_initializer_range: v.number(),
  pad_token_id: v.optional(v.number(), 0),
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
    table("bag.embeddings", words, size, { kind: "normal", range }),
  ],
  fromPublished: (name, shape) => [whole(name, shape)],
  toPublished: (parameters) => parameters,
  longest: () => Infinity,
  dropout: ({ dropout_prob }) => dropout_prob,
  encode: (parameters, config, batch) => {
    const hidden = embedding(parameters.table("bag.embeddings.weight"), tokenIds(batch, config.pad_token_id));
    return { hidden, layers: [hidden] };
  },
  classification: {
    parameters: ({ embedding_size: inputs, hidden_size: hidden }, outputs) => [
      ...norm("bag.LayerNorm", inputs),
      ...dense("bag.hidden", hidden, inputs, { kind: "xavier" }),
      ...dense("classifier", outputs, hidden, { kind: "xavier" }),
    ],
    features,
    logits,
  },
};

/** The hidden layer's output. */
function features(parameters: Parameters, config: BagConfig, { hidden }: Encoded, batch: Batch, pass: Pass): Tensor {
  // A mean of many embeddings is small; without the norm it takes hundreds of steps until the network listens to it.
  const pooled = pass.dropout(
    applyNorm(parameters, "bag.LayerNorm", meanOfTokens(hidden, batch), EPSILON),
    config.dropout_prob,
  );
  return relu(applyDense(parameters, "bag.hidden", pooled));
}

function logits(parameters: Parameters, config: BagConfig, hidden: Tensor, pass: Pass): Tensor {
  return applyDense(parameters, "classifier", pass.dropout(hidden, config.dropout_prob));
}
