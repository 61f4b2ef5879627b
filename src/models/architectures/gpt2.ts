import * as v from "valibot";
import { linear } from "../../tfjs/operations/linear.ts";
import { wordProducts } from "../../tfjs/operations/word_products.ts";
import { applyNorm } from "../apply.ts";
import type { Architecture } from "../architecture.ts";
import { activationName, activationOf, count, id, probability, requireHeads } from "../config_schema.ts";
import { tokenClassifier } from "../heads/token_classifier.ts";
import { norm, table } from "../initial.ts";
import type { Initializer } from "../initializer.ts";
import { parseConfig } from "../parse_config.ts";
import { lastToken } from "../pooling.ts";
import { fromConv1d, toConv1d } from "../published_conv1d.ts";
import { embed, positionsFromZero } from "../transformer/embeddings.ts";
import { runLayers } from "../transformer/layers.ts";
import { layerParameters } from "../transformer/parameters.ts";
import type { Transformer } from "../transformer/transformer.ts";

const schema = v.pipe(
  v.object({
    model_type: v.literal("gpt2"),
    vocab_size: count,
    n_embd: count,
    n_layer: count,
    n_head: count,
    n_inner: v.optional(v.nullable(count), null),
    n_positions: v.optional(count, 1024),
    activation_function: v.optional(activationName, "gelu_new"),
    attn_pdrop: v.optional(probability, 0.1),
    embd_pdrop: v.optional(probability, 0.1),
    resid_pdrop: v.optional(probability, 0.1),
    classifier_dropout: v.optional(v.nullable(probability)),
    layer_norm_epsilon: v.optional(v.number(), 1e-5),
    scale_attn_weights: v.optional(v.literal(true), true),
    scale_attn_by_inverse_layer_idx: v.optional(v.literal(false), false),
    initializer_range: v.optional(v.number(), 0.02),
    eos_token_id: v.optional(id, 50256),
    pad_token_id: v.optional(v.nullable(id), null),
  }),
  // It was trained without padding; its users pad with its end of text, as the thesis does.
  v.transform((config) => ({ ...config, pad_token_id: config.pad_token_id ?? config.eos_token_id })),
);

export type Gpt2Config = v.InferOutput<typeof schema>;

const tables = { words: "transformer.wte", positions: "transformer.wpe" };
const lastNorm = "transformer.ln_f";

/** GPT-2, which sees what came before and classifies by the last token: Radford et al., Language Models are Unsupervised Multitask Learners, 2019. */
export const gpt2: Architecture<Gpt2Config> = {
  name: "gpt2",
  parseConfig(json, source) {
    const config = parseConfig(schema, json, source);
    requireHeads(source, ["n_embd", config.n_embd], ["n_head", config.n_head]);
    return config;
  },
  fromPublished(name, shape) {
    // A buffer of old files: which tokens see which.
    if (/\.attn\.(masked_)?bias$/.test(name)) return [];
    return fromConv1d(/^(wte|wpe|h|ln_f)\./.test(name) ? `transformer.${name}` : name, shape);
  },
  toPublished: toConv1d,
  longest: (config) => config.n_positions,
  dropout: (config) => Math.max(config.attn_pdrop, config.embd_pdrop, config.resid_pdrop),
  backbone: (config) => [
    table(tables.words, config.vocab_size, config.n_embd, initializerOf(config)),
    table(tables.positions, config.n_positions, config.n_embd, initializerOf(config)),
    ...layerParameters(transformerOf(config)),
    ...norm(lastNorm, config.n_embd),
  ],
  transformer: transformerOf,
  encode(parameters, config, batch, pass) {
    const sum = embed(parameters, tables, batch, positionsFromZero(batch));
    const layers = runLayers(parameters, transformerOf(config), pass.dropout(sum, config.embd_pdrop), batch, pass);
    const hidden = applyNorm(parameters, lastNorm, layers.at(-1)!, config.layer_norm_epsilon);
    return { hidden, layers: [...layers.slice(0, -1), hidden] };
  },
  classification: {
    className: "GPT2ForSequenceClassification",
    parameters: (config, outputs) => [table("score", outputs, config.n_embd, initializerOf(config))],
    features: (_parameters, config, { hidden }, batch) => lastToken(hidden, batch, config.pad_token_id),
    logits: (parameters, _config, features) => linear(features, parameters.get("score.weight")),
  },
  tokens: tokenClassifier("GPT2ForTokenClassification", (config) => config.n_embd, initializerOf, tokenDropout),
  words: {
    className: "GPT2LMHeadModel",
    parameters: () => [],
    features: (_parameters, _config, { hidden }) => hidden,
    logits: (parameters, _config, states) => wordProducts(states, parameters.table(`${tables.words}.weight`)),
  },
};

/** Hugging Face's: a key that is absent, or null, means a tenth. */
function tokenDropout({ classifier_dropout }: Gpt2Config): number {
  return classifier_dropout ?? 0.1;
}

function transformerOf(config: Gpt2Config): Transformer {
  return {
    layers: config.n_layer,
    heads: config.n_head,
    hidden: config.n_embd,
    inner: config.n_inner ?? 4 * config.n_embd,
    activation: activationOf(config.activation_function),
    norm: "before",
    epsilon: config.layer_norm_epsilon,
    causal: true,
    dropout: { attentionWeights: config.attn_pdrop, attended: config.resid_pdrop, output: config.resid_pdrop },
    initializer: initializerOf(config),
    names(index) {
      const layer = `transformer.h.${index}`;
      return {
        query: `${layer}.attn.c_attn.query`,
        key: `${layer}.attn.c_attn.key`,
        value: `${layer}.attn.c_attn.value`,
        attended: `${layer}.attn.c_proj`,
        attentionNorm: `${layer}.ln_1`,
        inner: `${layer}.mlp.c_fc`,
        output: `${layer}.mlp.c_proj`,
        outputNorm: `${layer}.ln_2`,
      };
    },
  };
}

function initializerOf({ initializer_range: range }: Gpt2Config): Initializer {
  return { kind: "normal", range };
}
