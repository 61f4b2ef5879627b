import * as v from "valibot";
import { activation } from "../../tfjs/operations/activation.ts";
import { applyDense, applyNorm } from "../apply.ts";
import type { Architecture } from "../architecture.ts";
import { activationName, activationOf, count, id, probability, requireHeads } from "../config_schema.ts";
import { tokenClassifier } from "../heads/token_classifier.ts";
import { wordPredictor } from "../heads/word_predictor.ts";
import { dense, norm, table } from "../initial.ts";
import type { Initializer } from "../initializer.ts";
import { parseConfig } from "../parse_config.ts";
import { firstToken } from "../pooling.ts";
import { publishedUnder } from "../published.ts";
import { embed, positionsFromZero } from "../transformer/embeddings.ts";
import { runLayers } from "../transformer/layers.ts";
import { layerParameters } from "../transformer/parameters.ts";
import type { Transformer } from "../transformer/transformer.ts";

const schema = v.object({
  model_type: v.literal("distilbert"),
  vocab_size: count,
  dim: count,
  n_layers: count,
  n_heads: count,
  hidden_dim: count,
  activation: v.optional(activationName, "gelu"),
  dropout: v.optional(probability, 0.1),
  attention_dropout: v.optional(probability, 0.1),
  seq_classif_dropout: v.optional(probability, 0.2),
  max_position_embeddings: v.optional(count, 512),
  pad_token_id: v.optional(id, 0),
  initializer_range: v.optional(v.number(), 0.02),
});

export type DistilBertConfig = v.InferOutput<typeof schema>;

const EPSILON = 1e-12;
const tables = {
  words: "distilbert.embeddings.word_embeddings",
  positions: "distilbert.embeddings.position_embeddings",
};
const embeddingNorm = "distilbert.embeddings.LayerNorm";

/** DistilBERT, which knows no segments and has no pooler: Sanh et al., DistilBERT, a distilled version of BERT, 2019. */
export const distilbert: Architecture<DistilBertConfig> = {
  name: "distilbert",
  parseConfig(json, source) {
    const config = parseConfig(schema, json, source);
    requireHeads(source, ["dim", config.dim], ["n_heads", config.n_heads]);
    return config;
  },
  ...publishedUnder("distilbert", ["embeddings", "transformer"]),
  longest: (config) => config.max_position_embeddings,
  dropout: (config) => Math.max(config.dropout, config.attention_dropout, config.seq_classif_dropout),
  backbone: (config) => [
    table(tables.words, config.vocab_size, config.dim, initializerOf(config)),
    table(tables.positions, config.max_position_embeddings, config.dim, initializerOf(config)),
    ...norm(embeddingNorm, config.dim),
    ...layerParameters(transformerOf(config)),
  ],
  transformer: transformerOf,
  encode(parameters, config, batch, pass) {
    const sum = embed(parameters, tables, batch, positionsFromZero(batch), config.pad_token_id);
    const embedded = pass.dropout(applyNorm(parameters, embeddingNorm, sum, EPSILON), config.dropout);
    const layers = runLayers(parameters, transformerOf(config), embedded, batch, pass);
    return { hidden: layers.at(-1)!, layers };
  },
  classification: {
    className: "DistilBertForSequenceClassification",
    parameters: (config, outputs) => [
      ...dense("pre_classifier", config.dim, config.dim, initializerOf(config)),
      ...dense("classifier", outputs, config.dim, initializerOf(config)),
    ],
    features: (parameters, _config, { hidden }, batch) =>
      activation(applyDense(parameters, "pre_classifier", firstToken(hidden, batch)), "relu"),
    logits: (parameters, config, features, pass) =>
      applyDense(parameters, "classifier", pass.dropout(features, config.seq_classif_dropout)),
  },
  tokens: tokenClassifier(
    "DistilBertForTokenClassification",
    (config) => config.dim,
    initializerOf,
    (config) => config.dropout,
  ),
  words: wordPredictor({
    className: "DistilBertForMaskedLM",
    names: {
      dense: "vocab_transform",
      norm: "vocab_layer_norm",
      bias: "vocab_projector.bias",
      words: tables.words,
    },
    hidden: (config) => config.dim,
    epsilon: () => EPSILON,
    activation: (config) => activationOf(config.activation),
    initializer: initializerOf,
  }),
};

function transformerOf(config: DistilBertConfig): Transformer {
  return {
    layers: config.n_layers,
    heads: config.n_heads,
    hidden: config.dim,
    inner: config.hidden_dim,
    activation: activationOf(config.activation),
    norm: "after",
    epsilon: EPSILON,
    causal: false,
    dropout: { attentionWeights: config.attention_dropout, attended: 0, output: config.dropout },
    initializer: initializerOf(config),
    names(index) {
      const layer = `distilbert.transformer.layer.${index}`;
      return {
        query: `${layer}.attention.q_lin`,
        key: `${layer}.attention.k_lin`,
        value: `${layer}.attention.v_lin`,
        attended: `${layer}.attention.out_lin`,
        attentionNorm: `${layer}.sa_layer_norm`,
        inner: `${layer}.ffn.lin1`,
        output: `${layer}.ffn.lin2`,
        outputNorm: `${layer}.output_layer_norm`,
      };
    },
  };
}

function initializerOf({ initializer_range: range }: DistilBertConfig): Initializer {
  return { kind: "normal", range };
}
