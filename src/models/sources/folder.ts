import type { Files } from "../../host.ts";
import type { ModelSource } from "../model_source.ts";

/**
 * A checkpoint in Hugging Face layout: `config.json`, `model.safetensors`, `tokenizer.json`. `files` begin in its folder. What reads it is
 * loaded when it is named.
 */
export function folderModel(name: string, files: Files): ModelSource {
  return { name, load: async () => await (await import("../load_folder.ts")).loadFolder(name, files) };
}
