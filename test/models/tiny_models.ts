import type { Architecture } from "../../src/models/architecture.ts";
import { architectures } from "../../src/models/architectures.ts";
import type { Batch } from "../../src/models/batch.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { Classifier, classifierParameters, type ClassifierSpec } from "../../src/models/model.ts";
import { padBatch } from "../../src/text/padding.ts";

/** As small as a model can be and still have two heads. */
export const tinyBert = {
  model_type: "bert",
  vocab_size: 20,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 12,
  max_position_embeddings: 16,
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  matrix_initializer: "xavier",
  embedding_initializer_range: 0.5,
};

export const tinyBag = {
  model_type: "bag",
  vocab_size: 20,
  embedding_size: 6,
  hidden_size: 5,
  dropout_prob: 0.1,
  embedding_initializer_range: 0.5,
};

export function specOf(configJson: { readonly model_type: string }, classes = 3): ClassifierSpec {
  const architecture: Architecture = architectures.get(configJson.model_type);
  return { architecture, config: architecture.parseConfig(configJson, "config.json"), classes };
}

export function openModel(configJson: { readonly model_type: string }, classes = 3, seed = 0): Classifier {
  const spec = specOf(configJson, classes);
  return new Classifier(spec, initialValues(classifierParameters(spec), seed, "tiny"));
}

/** Texts as one batch, padded with 0 to a multiple of `multiple`. */
export function batchOf(texts: readonly (readonly number[])[], multiple = 1): Batch {
  const { ids, mask, shape: [rows, length] } = padBatch(texts, 0, multiple);
  return { ids, mask, rows, length };
}
