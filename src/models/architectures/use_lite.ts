import { add, mul, ones, type Tensor, tensor } from "@tensorflow/tfjs-core";
import * as v from "valibot";
import { constant } from "../../tfjs/constants.ts";
import { activation } from "../../tfjs/operations/activation.ts";
import { embedding } from "../../tfjs/operations/embedding.ts";
import { rmsNorm } from "../../tfjs/operations/rms_norm.ts";
import { applyDense } from "../apply.ts";
import type { Architecture } from "../architecture.ts";
import { tokenIds } from "../batch.ts";
import { count, id, probability, requireHeads } from "../config_schema.ts";
import { tokenClassifier } from "../heads/token_classifier.ts";
import { dense, table } from "../initial.ts";
import type { Initializer } from "../initializer.ts";
import { parseConfig } from "../parse_config.ts";
import { meanOfTokens } from "../pooling.ts";
import { whole } from "../published.ts";
import { type Layers, runUseLite, useLiteParameters } from "../use_lite/layers.ts";
import { sinusoids } from "../use_lite/sinusoids.ts";

const schema = v.object({
  model_type: v.literal("use-lite"),
  vocab_size: count,
  /** Even: sines and cosines share it. */
  embedding_size: v.pipe(count, v.multipleOf(2)),
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: v.optional(count, 128),
  layer_norm_eps: v.optional(v.number(), 1e-6),
  hidden_dropout_prob: v.optional(probability, 0.1),
  attention_probs_dropout_prob: v.optional(probability, 0.1),
  classifier_dropout: v.optional(probability, 0.1),
  initializer_range: v.optional(v.number(), 0.02),
  pad_token_id: v.optional(id, 0),
});

export type UseLiteConfig = v.InferOutput<typeof schema>;

const words = "embeddings.word_embeddings";
const pooler = "pooler.dense";
/** Below what a mean of squares of a hyperbolic tangent is, unless all are 0. */
const LEAST = 1e-12;

/**
 * The Universal Sentence Encoder in its small form, made for sentence embeddings: Cer et al., Universal Sentence Encoder, 2018. A transformer
 * whose norms come first, and whose embeddings are narrower than its layers.
 */
export const useLite: Architecture<UseLiteConfig> = {
  name: "use-lite",
  parseConfig(json, source) {
    const config = parseConfig(schema, json, source);
    const heads = ["num_attention_heads", config.num_attention_heads] as [string, number];
    requireHeads(source, ["embedding_size", config.embedding_size], heads);
    requireHeads(source, ["hidden_size", config.hidden_size], heads);
    return config;
  },
  fromPublished: (name, shape) => [whole(name, shape)],
  toPublished: (parameters) => parameters,
  longest: (config) => config.max_position_embeddings,
  transformer: (config) => ({ ...layersOf(config), layers: config.num_hidden_layers, norm: "before" }),
  dropout: (config) =>
    Math.max(config.hidden_dropout_prob, config.attention_probs_dropout_prob, config.classifier_dropout),
  backbone: (config) => [
    table(words, config.vocab_size, config.embedding_size, initializerOf(config)),
    ...useLiteParameters(layersOf(config), initializerOf(config)),
  ],
  encode(parameters, config, batch, pass) {
    const { embedding_size: width, pad_token_id: padding } = config;
    const looked = embedding(parameters.table(`${words}.weight`), tokenIds(batch, padding));
    const positions = tensor(sinusoids(batch.length, width), [1, batch.length, width]);
    const embedded = pass.dropout(add(mul(looked, constant(2)), positions), config.hidden_dropout_prob);
    const layers = runUseLite(parameters, layersOf(config), embedded, batch, pass);
    return { hidden: layers.at(-1)!, layers };
  },
  classification: {
    parameters: (config, outputs) => [
      ...dense(pooler, config.hidden_size, config.hidden_size, initializerOf(config)),
      ...dense("classifier", outputs, config.hidden_size, initializerOf(config)),
    ],
    /**
     * The sentence embedding, times the root of its width: its direction is what the model was made for, and at length 1 its elements were
     * so small that a new layer on them, at a usual learning rate, would take thousands of steps to have a say.
     */
    features: (parameters, _config, { hidden }, batch) =>
      toRootMeanSquare(activation(applyDense(parameters, pooler, meanOfTokens(hidden, batch)), "tanh")),
    logits: (parameters, config, features, pass) =>
      applyDense(parameters, "classifier", pass.dropout(features, config.classifier_dropout)),
  },
  // Hugging Face has no class of it, whatever its head.
  tokens: tokenClassifier(
    undefined,
    (config) => config.hidden_size,
    initializerOf,
    (config) => config.classifier_dropout,
  ),
};

/** Of each row: scaled such that the mean of its squares is 1. */
function toRootMeanSquare(x: Tensor): Tensor {
  return rmsNorm(x, ones([x.shape.at(-1)!]), LEAST);
}

function layersOf(config: UseLiteConfig): Layers {
  return {
    count: config.num_hidden_layers,
    heads: config.num_attention_heads,
    embedding: config.embedding_size,
    hidden: config.hidden_size,
    inner: config.intermediate_size,
    epsilon: config.layer_norm_eps,
    dropout: { attentionWeights: config.attention_probs_dropout_prob, hidden: config.hidden_dropout_prob },
  };
}

function initializerOf({ initializer_range: range }: UseLiteConfig): Initializer {
  return { kind: "normal", range };
}
