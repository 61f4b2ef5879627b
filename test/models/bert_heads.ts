import type { Tensor } from "@tensorflow/tfjs-core";
import type { Architecture, InitialParameter } from "../../src/models/architecture.ts";
import { bert } from "../../src/models/bert/bert.ts";
import type { BertConfig } from "../../src/models/bert/config.ts";
import { gelu } from "../../src/tfjs/operations/gelu.ts";
import { layerNorm } from "../../src/tfjs/operations/layer_norm.ts";
import { linear } from "../../src/tfjs/operations/linear.ts";
import type { Parameters } from "../../src/tfjs/parameters.ts";

/** A head in the place of BERT's classifier: so the encoder and the engine are tested under each. */
type Head = Architecture<BertConfig>["classification"];

const constant = { kind: "constant", value: 0 } as const;

function matrix(name: string, outputs: number, inputs: number): InitialParameter[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], decays: true, initializer: constant },
    { name: `${name}.bias`, shape: [outputs], decays: false, initializer: constant },
  ];
}

function dense(parameters: Parameters, name: string, x: Tensor): Tensor {
  return linear(x, parameters.get(`${name}.weight`), parameters.get(`${name}.bias`));
}

/** BertForTokenClassification's: logits [rows, length, outputs]. */
const tokens: Head = {
  parameters: ({ hidden_size }, outputs) => matrix("classifier", outputs, hidden_size),
  features: (_parameters, _config, { hidden }) => hidden,
  logits: (parameters, _config, hidden) => dense(parameters, "classifier", hidden),
};

/** BertForMaskedLM's: logits [rows, length, vocabulary], by the word embeddings again. */
const maskedWords: Head = {
  parameters: ({ hidden_size, vocab_size }) => [
    { name: "cls.predictions.bias", shape: [vocab_size], decays: false, initializer: constant },
    ...matrix("cls.predictions.transform.dense", hidden_size, hidden_size),
    ...["weight", "bias"].map((part) => ({
      name: `cls.predictions.transform.LayerNorm.${part}`,
      shape: [hidden_size],
      decays: false,
      initializer: constant,
    })),
  ],
  features: (_parameters, _config, { hidden }) => hidden,
  logits(parameters, { layer_norm_eps }, hidden) {
    const name = "cls.predictions.transform";
    const norm = (part: string) => parameters.get(`${name}.LayerNorm.${part}`);
    const states = layerNorm(
      gelu(dense(parameters, `${name}.dense`, hidden)),
      norm("weight"),
      norm("bias"),
      layer_norm_eps,
    );
    const words = parameters.get("bert.embeddings.word_embeddings.weight");
    return linear(states, words, parameters.get("cls.predictions.bias"));
  },
};

/** BERT under each head of which there is a golden checkpoint, by the folder's name. */
export const bertWithHead: Readonly<Record<"seq-cls" | "token-cls" | "mlm", Architecture<BertConfig>>> = {
  "seq-cls": bert,
  "token-cls": { ...bert, classification: tokens },
  mlm: { ...bert, classification: maskedWords },
};
