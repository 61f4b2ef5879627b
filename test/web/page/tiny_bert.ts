import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { architectures } from "../../../src/models/architectures.ts";
import { initialValues } from "../../../src/models/initialize.ts";
import { writeSafetensors } from "../../../src/models/safetensors/safetensors.ts";
import { tinyBert } from "../../models/tiny_models.ts";
import { tinyTokenizer } from "../../text/tiny_tokenizer.ts";

/** Writes a BERT that is as small as can be, and knows some words, in the layout of Hugging Face. */
export function writeTinyBert(folder: string, words: readonly string[]): void {
  const tokenizer = tinyTokenizer(words);
  const config = { ...tinyBert, vocab_size: Object.keys(tokenizer.model.vocab).length, max_position_embeddings: 64 };
  const architecture = architectures.get("bert");
  const parameters = architecture.backbone(architecture.parseConfig(config, "config.json"));
  const values = initialValues(parameters, 7, "tiny");
  const weights = parameters.map(({ name, shape }) => [name, { shape, values: values.get(name)! }] as const);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  writeFileSync(join(folder, "model.safetensors"), writeSafetensors(new Map(weights)));
}
