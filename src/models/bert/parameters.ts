import type { InitialParameter } from "../architecture.ts";
import type { Initializer } from "../initializer.ts";
import type { BertConfig } from "./config.ts";

/** The parameters of the encoder, under Hugging Face's names, in the order of its modules. */
export function bertBackbone(config: BertConfig): InitialParameter[] {
  const { hidden_size: hidden, intermediate_size: inner } = config;
  return [
    table(config, "bert.embeddings.word_embeddings", config.vocab_size),
    table(config, "bert.embeddings.position_embeddings", config.max_position_embeddings),
    table(config, "bert.embeddings.token_type_embeddings", config.type_vocab_size),
    ...norm("bert.embeddings.LayerNorm", hidden),
    ...Array.from({ length: config.num_hidden_layers }, (_, index) => {
      const layer = `bert.encoder.layer.${index}`;
      return [
        ...dense(config, `${layer}.attention.self.query`, hidden, hidden),
        ...dense(config, `${layer}.attention.self.key`, hidden, hidden),
        ...dense(config, `${layer}.attention.self.value`, hidden, hidden),
        ...dense(config, `${layer}.attention.output.dense`, hidden, hidden),
        ...norm(`${layer}.attention.output.LayerNorm`, hidden),
        ...dense(config, `${layer}.intermediate.dense`, inner, hidden),
        ...dense(config, `${layer}.output.dense`, hidden, inner),
        ...norm(`${layer}.output.LayerNorm`, hidden),
      ];
    }).flat(),
  ];
}

/** Pooler and classifier: BertForSequenceClassification's. */
export function bertClassification(config: BertConfig, outputs: number): InitialParameter[] {
  return [
    ...dense(config, "bert.pooler.dense", config.hidden_size, config.hidden_size),
    ...dense(config, "classifier", outputs, config.hidden_size),
  ];
}

/**
 * Published files differ: those of the first BERTs call a layer norm's weight and bias gamma and beta, and those of a bare encoder
 * lack the `bert.` in front.
 */
export function bertParameterName(stored: string): string {
  const renamed = stored.replace(/\.gamma$/, ".weight").replace(/\.beta$/, ".bias");
  return /^(embeddings|encoder|pooler)\./.test(renamed) ? `bert.${renamed}` : renamed;
}

function table(config: BertConfig, name: string, rows: number): InitialParameter {
  const range = config.embedding_initializer_range ?? config.initializer_range;
  return {
    name: `${name}.weight`,
    shape: [rows, config.hidden_size],
    decays: true,
    initializer: { kind: "normal", range },
  };
}

function dense(config: BertConfig, name: string, outputs: number, inputs: number): InitialParameter[] {
  const initializer: Initializer = config.matrix_initializer === "xavier"
    ? { kind: "xavier" }
    : { kind: "normal", range: config.initializer_range };
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], decays: true, initializer },
    { name: `${name}.bias`, shape: [outputs], decays: false, initializer: { kind: "constant", value: 0 } },
  ];
}

function norm(name: string, size: number): InitialParameter[] {
  return [
    { name: `${name}.weight`, shape: [size], decays: false, initializer: { kind: "constant", value: 1 } },
    { name: `${name}.bias`, shape: [size], decays: false, initializer: { kind: "constant", value: 0 } },
  ];
}
