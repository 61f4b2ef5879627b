import { InputError } from "../errors.ts";
import { canonicalJson, hash } from "../hash.ts";
import type { Files } from "../host.ts";
import { readCheckpoint } from "./checkpoint.ts";
import type { LoadedModel } from "./model_source.ts";

/** A model from a folder. @throws InputError naming the file that is missing or wrong */
export async function loadFolder(name: string, files: Files): Promise<LoadedModel> {
  const { architecture, config, configJson, tokenizer, values, weightsHash, notices } = await readCheckpoint(files);
  if (config.vocab_size < tokenizer.vocabularySize) {
    throw new InputError(
      `${tokenizer.file}: it has ${tokenizer.vocabularySize} tokens; ` +
        `config.json says vocab_size ${config.vocab_size}`,
    );
  }
  const fingerprint = hash(canonicalJson([configJson, tokenizer.json, weightsHash]), 16);
  return { name, architecture, config, tokenizer, pretrained: values, notices, fingerprint };
}
