import { requireHub } from "../../hub/hub.ts";
import { repository } from "../../hub/repository.ts";
import type { ModelSource } from "../model_source.ts";

/** A model of the Hugging Face hub, in the layout of a folder: `config.json`, `model.safetensors`, `tokenizer.json`. */
export function onHub(name: string, distilledFrom?: string): ModelSource {
  return {
    name,
    onHub: true,
    ...(distilledFrom === undefined ? {} : { distilledFrom }),
    async load({ hub }, revision) {
      const [{ hubFiles }, { loadFolder }] = await Promise.all([
        import("../hub_files.ts"),
        import("../load_folder.ts"),
      ]);
      const found = await requireHub(hub, name).snapshot(
        repository("models", name, revision),
        (paths) => hubFiles(paths, name),
      );
      const { notices = [], ...model } = await loadFolder(name, {
        ...found.files,
        // Where the cache keeps it is nothing that a person chose.
        describe: (path) => `${name}/${path}`,
      });
      return { ...model, notices: [...found.notices, ...notices] };
    },
  };
}
