import { Failure } from "../../errors.ts";
import { canonicalJson, hash } from "../../hash.ts";
import { type Files, readText } from "../../host.ts";
import { tokenizerFrom } from "../../text/tokenizer.ts";
import { architectures } from "../architectures.ts";
import type { ModelSource } from "../model_source.ts";

/** The vocabulary of Pupil's own small models: word pieces of the mail corpus. */
const TOKENIZER = "data/mail.tokenizer.json";

/** One of Pupil's own small models: a configuration in `models/NAME`, from scratch by seed. */
export function embedded(name: string): ModelSource {
  return {
    name,
    async load({ assets }) {
      const file = `models/${name}/config.json`;
      const config = await readJson(assets, file);
      const tokenizerJson = await readJson(assets, TOKENIZER);
      const architecture = architectures.get((config as { model_type: string }).model_type, file);
      return {
        name,
        architecture,
        config: architecture.parseConfig(config, file),
        tokenizer: tokenizerFrom(tokenizerJson, TOKENIZER),
        fingerprint: hash(canonicalJson([config, tokenizerJson]), 16),
      };
    },
  };
}

async function readJson(assets: Files, path: string): Promise<unknown> {
  const text = await readText(assets, path);
  if (text === undefined) throw new Failure(`${assets.describe(path)} is missing from this copy of Pupil`);
  return JSON.parse(text);
}
