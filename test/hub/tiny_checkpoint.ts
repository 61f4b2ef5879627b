import { architectures } from "../../src/models/architectures.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { writeSafetensors } from "../../src/models/safetensors/safetensors.ts";

const encoder = new TextEncoder();

/** The files of a checkpoint as the hub has them, with weights from a seed: a repository's files by their paths. */
export function tinyCheckpoint(
  config: Readonly<Record<string, unknown>>,
  tokenizer: unknown,
  seed = 7,
): Map<string, Uint8Array> {
  const architecture = architectures.get(config.model_type as string);
  const parameters = architecture.backbone(architecture.parseConfig(config, "config.json"));
  const values = initialValues(parameters, seed, "tiny");
  const tensors = new Map(parameters.map(({ name, shape }) => [name, { shape, values: values.get(name)! }]));
  return new Map([
    ["config.json", encoder.encode(JSON.stringify(config))],
    ["model.safetensors", writeSafetensors(architecture.toPublished(tensors))],
    ["tokenizer.json", encoder.encode(JSON.stringify(tokenizer))],
    // What a repository holds besides, and nobody wants.
    ["README.md", encoder.encode("# A tiny model\n")],
    ["pytorch_model.bin", new Uint8Array(5000)],
    ["onnx/model.onnx", new Uint8Array(5000)],
  ]);
}

const layers = { max_position_embeddings: 512, initializer_range: 0.3 };

/** BERT with one small layer, over so many tokens. */
export const tinyBert = (vocab_size: number) => ({
  ...{ model_type: "bert", vocab_size, hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2 },
  ...{ intermediate_size: 32, type_vocab_size: 2, ...layers },
});

/** DistilBERT likewise. */
export const tinyDistilBert = (vocab_size: number) => ({
  ...{ model_type: "distilbert", vocab_size, dim: 16, n_layers: 1, n_heads: 2, hidden_dim: 32, ...layers },
});
