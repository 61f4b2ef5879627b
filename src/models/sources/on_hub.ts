import { InputError } from "../../errors.ts";
import { requireHub } from "../../hub/hub.ts";
import { repository } from "../../hub/repository.ts";
import { tokenizerFiles } from "../../text/read_tokenizer.ts";
import type { ModelSource } from "../model_source.ts";
import { weightFiles } from "../weight_files.ts";
import { loadFolder } from "./folder.ts";

/** A model of the Hugging Face hub, in the layout of a folder: `config.json`, `model.safetensors`, `tokenizer.json`. */
export function onHub(name: string, distilledFrom?: string): ModelSource {
  return {
    name,
    onHub: true,
    ...(distilledFrom === undefined ? {} : { distilledFrom }),
    async load({ hub }, revision) {
      const found = await requireHub(hub, name).snapshot(
        repository("models", name, revision),
        (paths) => filesOf(new Set(paths), name),
      );
      const { notices = [], ...model } = await loadFolder(name, found.files);
      return { ...model, commit: found.commit, notices: [...found.notices, ...notices] };
    },
  };
}

/** @throws InputError where the repository is not a model's, or is in a format that is not read */
function filesOf(there: ReadonlySet<string>, name: string): string[] {
  if (!there.has("config.json")) throw new InputError(`'${name}' on the hub is no model: it has no config.json`);
  try {
    return ["config.json", ...weightFiles(there, name), ...tokenizerFiles(there, name)];
  } catch (thrown) {
    if (thrown instanceof InputError) throw new InputError(`'${name}' on the hub: ${thrown.message}`);
    throw thrown;
  }
}
