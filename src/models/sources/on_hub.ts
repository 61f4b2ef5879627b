import { InputError } from "../../errors.ts";
import type { ModelSource } from "../model_source.ts";

/** A model of the Hugging Face hub that the thesis used. Known by name and teacher, so that plans resolve; not loadable yet. */
export function onHub(name: string, distilledFrom?: string): ModelSource {
  const missing = `model '${name}' is not there yet: Pupil does not fetch from the hub. ` +
    "A folder with its config.json, model.safetensors and tokenizer.json can be named in its place";
  return {
    name,
    missing,
    ...(distilledFrom === undefined ? {} : { distilledFrom }),
    load: () => Promise.reject(new InputError(missing)),
  };
}
