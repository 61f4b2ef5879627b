import * as v from "valibot";
import type { Architecture } from "../architecture.ts";
import { id } from "../config_schema.ts";
import { firstTokenNetwork } from "../heads/first_token_network.ts";
import { tokenClassifier } from "../heads/token_classifier.ts";
import { wordPredictor } from "../heads/word_predictor.ts";
import { publishedUnder } from "../published.ts";
import {
  bertEmbeddings,
  bertEntries,
  bertTransformer,
  classifierDropout,
  embedBert,
  greatestDropout,
  hiddenSize,
  initializerOf,
  parseBertFamily,
  wordsOf,
} from "../transformer/bert_family.ts";
import { positionsAfter } from "../transformer/embeddings.ts";
import { runLayers } from "../transformer/layers.ts";
import { layerParameters } from "../transformer/parameters.ts";

const schema = v.object({
  model_type: v.picklist(["roberta", "xlm-roberta"]),
  ...bertEntries,
  pad_token_id: v.optional(id, 1),
});

export type RobertaConfig = v.InferOutput<typeof schema>;

const prefix = "roberta";

/** RoBERTa, BERT's layers with positions that begin after padding's: Liu et al., RoBERTa: A Robustly Optimized BERT, 2019. */
export const roberta = robertaAs("roberta", "Roberta");

/** RoBERTa in a hundred languages: Conneau et al., Unsupervised Cross-lingual Representation Learning at Scale, 2020. */
export const xlmRoberta = robertaAs("xlm-roberta", "XLMRoberta");

function robertaAs(name: RobertaConfig["model_type"], className: string): Architecture<RobertaConfig> {
  return {
    name,
    parseConfig: (json, source) => parseBertFamily(schema, json, source),
    ...publishedUnder(prefix, ["embeddings", "encoder"]),
    longest: (config) => config.max_position_embeddings - config.pad_token_id - 1,
    dropout: greatestDropout,
    backbone: (config) => [
      ...bertEmbeddings(config, prefix, config.hidden_size, initializerOf(config)),
      ...layerParameters(bertTransformer(config, prefix)),
    ],
    transformer: (config) => bertTransformer(config, prefix),
    encode(parameters, config, batch, pass) {
      const positions = positionsAfter(batch, config.pad_token_id);
      const embedded = embedBert(parameters, config, prefix, batch, positions, pass);
      const layers = runLayers(parameters, bertTransformer(config, prefix), embedded, batch, pass);
      return { hidden: layers.at(-1)!, layers };
    },
    classification: firstTokenNetwork(
      `${className}ForSequenceClassification`,
      "tanh",
      initializerOf,
      classifierDropout,
    ),
    tokens: tokenClassifier(`${className}ForTokenClassification`, hiddenSize, initializerOf, classifierDropout),
    words: wordPredictor({
      className: `${className}ForMaskedLM`,
      names: { dense: "lm_head.dense", norm: "lm_head.layer_norm", bias: "lm_head.bias", words: wordsOf(prefix) },
      hidden: hiddenSize,
      epsilon: (config) => config.layer_norm_eps,
      activation: () => "gelu",
      initializer: initializerOf,
    }),
  };
}
