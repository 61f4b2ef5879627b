import * as v from "valibot";
import { applyDense } from "../apply.ts";
import type { Architecture } from "../architecture.ts";
import { count } from "../config_schema.ts";
import { firstTokenNetwork } from "../heads/first_token_network.ts";
import { tokenClassifier } from "../heads/token_classifier.ts";
import { wordPredictor } from "../heads/word_predictor.ts";
import { dense } from "../initial.ts";
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
import { positionsFromZero } from "../transformer/embeddings.ts";
import { runLayers } from "../transformer/layers.ts";
import { layerParameters } from "../transformer/parameters.ts";

const schema = v.object({
  model_type: v.literal("electra"),
  ...bertEntries,
  /** The width of embeddings, which are projected where the layers are wider. */
  embedding_size: count,
});

export type ElectraConfig = v.InferOutput<typeof schema>;

const prefix = "electra";
const projection = "electra.embeddings_project";
const predictions = "generator_predictions";

/**
 * ELECTRA, its discriminator and its generator: BERT's layers, on embeddings that may be narrower than they are. Clark et al., ELECTRA:
 * Pre-training Text Encoders as Discriminators Rather Than Generators, 2020.
 */
export const electra: Architecture<ElectraConfig> = {
  name: "electra",
  parseConfig: (json, source) => parseBertFamily(schema, json, source),
  ...publishedUnder(prefix, ["embeddings", "embeddings_project", "encoder"]),
  longest: (config) => config.max_position_embeddings,
  dropout: greatestDropout,
  backbone(config) {
    const { embedding_size: width, hidden_size: hidden } = config;
    const drawn = initializerOf(config);
    return [
      ...bertEmbeddings(config, prefix, width, drawn),
      ...(isProjected(config) ? dense(projection, hidden, width, drawn) : []),
      ...layerParameters(bertTransformer(config, prefix)),
    ];
  },
  transformer: (config) => bertTransformer(config, prefix),
  encode(parameters, config, batch, pass) {
    const narrow = embedBert(parameters, config, prefix, batch, positionsFromZero(batch), pass);
    const embedded = isProjected(config) ? applyDense(parameters, projection, narrow) : narrow;
    const layers = runLayers(parameters, bertTransformer(config, prefix), embedded, batch, pass);
    return { hidden: layers.at(-1)!, layers };
  },
  classification: firstTokenNetwork("ElectraForSequenceClassification", "gelu", initializerOf, classifierDropout),
  tokens: tokenClassifier("ElectraForTokenClassification", hiddenSize, initializerOf, classifierDropout),
  words: wordPredictor({
    className: "ElectraForMaskedLM",
    names: {
      dense: `${predictions}.dense`,
      norm: `${predictions}.LayerNorm`,
      bias: "generator_lm_head.bias",
      words: wordsOf(prefix),
    },
    hidden: hiddenSize,
    embedded: (config: ElectraConfig) => config.embedding_size,
    epsilon: (config) => config.layer_norm_eps,
    activation: () => "gelu",
    initializer: initializerOf,
  }),
};

function isProjected({ embedding_size, hidden_size }: ElectraConfig): boolean {
  return embedding_size !== hidden_size;
}
