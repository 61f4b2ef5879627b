import * as v from "valibot";
import { InputError } from "../../errors.ts";
import { parseConfig } from "../parse_config.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/**
 * `config.json` of a BERT, as Hugging Face writes it, and four keys of ours for models that begin from scratch: how sequences
 * are pooled, and how weights are drawn. Keys that do not concern the arithmetic pass through unread.
 */
const schema = v.object({
  model_type: v.literal("bert"),
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  intermediate_size: count,
  hidden_act: v.optional(v.literal("gelu"), "gelu"),
  hidden_dropout_prob: v.optional(probability, 0.1),
  attention_probs_dropout_prob: v.optional(probability, 0.1),
  classifier_dropout: v.optional(v.nullable(probability), null),
  max_position_embeddings: v.optional(count, 512),
  type_vocab_size: v.optional(count, 2),
  layer_norm_eps: v.optional(v.number(), 1e-12),
  pad_token_id: v.optional(v.number(), 0),
  position_embedding_type: v.optional(v.literal("absolute"), "absolute"),
  initializer_range: v.optional(v.number(), 0.02),
  /** Ours: `first` is BERT's. */
  pooling: v.optional(v.picklist(["first", "mean"]), "first"),
  /** Ours: the standard deviation of initial embeddings; `initializer_range` where it is absent. */
  embedding_initializer_range: v.optional(v.number()),
  /** Ours: how initial matrices are drawn; `normal` is BERT's, with `initializer_range`. */
  matrix_initializer: v.optional(v.picklist(["normal", "xavier"]), "normal"),
});

export type BertConfig = v.InferOutput<typeof schema>;

export function parseBertConfig(json: unknown, source: string): BertConfig {
  const config = parseConfig(schema, json, source);
  if (config.hidden_size % config.num_attention_heads === 0) return config;
  throw new InputError(
    `${source}: hidden_size ${config.hidden_size} is not a multiple of num_attention_heads ${config.num_attention_heads}`,
  );
}
