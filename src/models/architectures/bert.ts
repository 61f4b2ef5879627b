import * as v from "valibot";
import { activation } from "../../tfjs/operations/activation.ts";
import { applyDense } from "../apply.ts";
import type { Architecture } from "../architecture.ts";
import { activationOf } from "../config_schema.ts";
import { tokenClassifier } from "../heads/token_classifier.ts";
import { wordPredictor } from "../heads/word_predictor.ts";
import { dense } from "../initial.ts";
import type { Initializer } from "../initializer.ts";
import { firstToken, meanOfTokens } from "../pooling.ts";
import { publishedUnder } from "../published.ts";
import {
  bertEmbeddings,
  bertEntries,
  bertTransformer,
  classifierDropout,
  embedBert,
  greatestDropout,
  hiddenSize,
  parseBertFamily,
  wordsOf,
} from "../transformer/bert_family.ts";
import { positionsFromZero } from "../transformer/embeddings.ts";
import { runLayers } from "../transformer/layers.ts";
import { layerParameters } from "../transformer/parameters.ts";

/** Hugging Face's keys, and some of ours for models that begin from scratch: how sequences are pooled, and weights drawn. */
const schema = v.object({
  model_type: v.literal("bert"),
  ...bertEntries,
  /** Ours: `first` is BERT's. */
  pooling: v.optional(v.picklist(["first", "mean"]), "first"),
  /** Ours: the standard deviation of initial embeddings; `initializer_range` where it is absent. */
  embedding_initializer_range: v.optional(v.number()),
  /** Ours: how initial matrices are drawn; `normal` is BERT's, with `initializer_range`. */
  matrix_initializer: v.optional(v.picklist(["normal", "xavier"]), "normal"),
});

export type BertConfig = v.InferOutput<typeof schema>;

const prefix = "bert";
const pooler = "bert.pooler.dense";
const predictions = "cls.predictions";

/** BERT: Devlin et al., BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding, 2018. */
export const bert: Architecture<BertConfig> = {
  name: "bert",
  parseConfig: (json, source) => parseBertFamily(schema, json, source),
  ...publishedUnder(prefix, ["embeddings", "encoder", "pooler"]),
  longest: (config) => config.max_position_embeddings,
  dropout: greatestDropout,
  backbone(config) {
    const range = config.embedding_initializer_range ?? config.initializer_range;
    return [
      ...bertEmbeddings(config, prefix, config.hidden_size, { kind: "normal", range }),
      ...layerParameters(transformerOf(config)),
    ];
  },
  transformer: transformerOf,
  encode(parameters, config, batch, pass) {
    const embedded = embedBert(parameters, config, prefix, batch, positionsFromZero(batch), pass);
    const layers = runLayers(parameters, transformerOf(config), embedded, batch, pass);
    return { hidden: layers.at(-1)!, layers };
  },
  classification: {
    className: "BertForSequenceClassification",
    parameters: (config, outputs) => [
      ...dense(pooler, config.hidden_size, config.hidden_size, initializerOf(config)),
      ...dense("classifier", outputs, config.hidden_size, initializerOf(config)),
    ],
    features(parameters, { pooling }, { hidden }, batch) {
      const pooled = pooling === "mean" ? meanOfTokens(hidden, batch) : firstToken(hidden, batch);
      return activation(applyDense(parameters, pooler, pooled), "tanh");
    },
    logits: (parameters, config, pooled, pass) =>
      applyDense(parameters, "classifier", pass.dropout(pooled, classifierDropout(config))),
  },
  tokens: tokenClassifier("BertForTokenClassification", hiddenSize, initializerOf, classifierDropout),
  words: wordPredictor({
    className: "BertForMaskedLM",
    names: {
      dense: `${predictions}.transform.dense`,
      norm: `${predictions}.transform.LayerNorm`,
      bias: `${predictions}.bias`,
      words: wordsOf(prefix),
    },
    hidden: hiddenSize,
    epsilon: (config) => config.layer_norm_eps,
    activation: (config) => activationOf(config.hidden_act),
    initializer: initializerOf,
  }),
};

function transformerOf(config: BertConfig) {
  return bertTransformer(config, prefix, initializerOf(config));
}

function initializerOf({ matrix_initializer, initializer_range: range }: BertConfig): Initializer {
  return matrix_initializer === "xavier" ? { kind: "xavier" } : { kind: "normal", range };
}
