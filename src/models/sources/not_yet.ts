import { InputError } from "../../errors.ts";
import type { ModelSource } from "../model_source.ts";

/** A model that the thesis used and Pupil cannot load yet: known by name and teacher, so that plans resolve. */
export function notYet(name: string, distilledFrom?: string): ModelSource {
  const missing = `model '${name}' is not there yet: Pupil has no architecture of its kind`;
  return {
    name,
    missing,
    ...(distilledFrom === undefined ? {} : { distilledFrom }),
    load: () => Promise.reject(new InputError(missing)),
  };
}
