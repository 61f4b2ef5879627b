/** What BERT and the encoders made after it, ELECTRA and RoBERTa, have in common: keys, names, embeddings, layers. */
import type { Tensor } from "@tensorflow/tfjs-core";
import * as v from "valibot";
import type { Parameters } from "../../tfjs/parameters.ts";
import { applyNorm } from "../apply.ts";
import type { InitialParameter } from "../architecture.ts";
import type { Batch } from "../batch.ts";
import {
  absolutePositions,
  activationName,
  activationOf,
  count,
  id,
  probability,
  requireHeads,
} from "../config_schema.ts";
import { norm, table } from "../initial.ts";
import type { Initializer } from "../initializer.ts";
import { parseConfig } from "../parse_config.ts";
import type { Pass } from "../pass.ts";
import { embed, type Positions } from "./embeddings.ts";
import type { Transformer } from "./transformer.ts";

/** Keys of `config.json`. Those that do not concern the arithmetic pass through unread. */
export const bertEntries = {
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  intermediate_size: count,
  hidden_act: v.optional(activationName, "gelu"),
  hidden_dropout_prob: v.optional(probability, 0.1),
  attention_probs_dropout_prob: v.optional(probability, 0.1),
  classifier_dropout: v.optional(v.nullable(probability), null),
  max_position_embeddings: v.optional(count, 512),
  type_vocab_size: v.optional(count, 2),
  layer_norm_eps: v.optional(v.number(), 1e-12),
  pad_token_id: v.optional(id, 0),
  position_embedding_type: absolutePositions,
  initializer_range: v.optional(v.number(), 0.02),
};
const entries = v.object(bertEntries);

export type BertFamilyConfig = v.InferOutput<typeof entries>;

/** @throws InputError naming the key that is missing or wrong */
export function parseBertFamily<C extends BertFamilyConfig>(
  schema: v.GenericSchema<unknown, C>,
  json: unknown,
  source: string,
): C {
  const config = parseConfig(schema, json, source);
  const { hidden_size: hidden, num_attention_heads: heads } = config;
  requireHeads(source, ["hidden_size", hidden], ["num_attention_heads", heads]);
  return config;
}

/** The embeddings' parameters, `width` wide. */
export function bertEmbeddings(
  config: BertFamilyConfig,
  prefix: string,
  width: number,
  drawn: Initializer,
): InitialParameter[] {
  const { words, positions, types } = tablesOf(prefix);
  return [
    table(words, config.vocab_size, width, drawn),
    table(positions, config.max_position_embeddings, width, drawn),
    table(types, config.type_vocab_size, width, drawn),
    ...norm(normOf(prefix), width),
  ];
}

/** Words, positions and segments, normalised: [rows, length, width]. */
export function embedBert(
  parameters: Parameters,
  config: BertFamilyConfig,
  prefix: string,
  batch: Batch,
  positions: Positions,
  pass: Pass,
): Tensor {
  const sum = embed(parameters, tablesOf(prefix), batch, positions, config.pad_token_id);
  const normal = applyNorm(parameters, normOf(prefix), sum, config.layer_norm_eps);
  return pass.dropout(normal, config.hidden_dropout_prob);
}

export function wordsOf(prefix: string): string {
  return tablesOf(prefix).words;
}

export function bertTransformer(
  config: BertFamilyConfig,
  prefix: string,
  initializer: Initializer = initializerOf(config),
): Transformer {
  const { hidden_dropout_prob: dropout } = config;
  return {
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    hidden: config.hidden_size,
    inner: config.intermediate_size,
    activation: activationOf(config.hidden_act),
    norm: "after",
    epsilon: config.layer_norm_eps,
    causal: false,
    dropout: { attentionWeights: config.attention_probs_dropout_prob, attended: dropout, output: dropout },
    initializer,
    names(index) {
      const layer = `${prefix}.encoder.layer.${index}`;
      return {
        query: `${layer}.attention.self.query`,
        key: `${layer}.attention.self.key`,
        value: `${layer}.attention.self.value`,
        attended: `${layer}.attention.output.dense`,
        attentionNorm: `${layer}.attention.output.LayerNorm`,
        inner: `${layer}.intermediate.dense`,
        output: `${layer}.output.dense`,
        outputNorm: `${layer}.output.LayerNorm`,
      };
    },
  };
}

export function initializerOf({ initializer_range: range }: BertFamilyConfig): Initializer {
  return { kind: "normal", range };
}

export function classifierDropout({ classifier_dropout, hidden_dropout_prob }: BertFamilyConfig): number {
  return classifier_dropout ?? hidden_dropout_prob;
}

/** The greatest probability of a dropout on the way to logits of classes. */
export function greatestDropout(config: BertFamilyConfig): number {
  return Math.max(config.hidden_dropout_prob, config.attention_probs_dropout_prob, classifierDropout(config));
}

export function hiddenSize({ hidden_size }: BertFamilyConfig): number {
  return hidden_size;
}

function tablesOf(prefix: string) {
  return {
    words: `${prefix}.embeddings.word_embeddings`,
    positions: `${prefix}.embeddings.position_embeddings`,
    types: `${prefix}.embeddings.token_type_embeddings`,
  };
}

function normOf(prefix: string): string {
  return `${prefix}.embeddings.LayerNorm`;
}
