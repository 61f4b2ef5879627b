import { InputError } from "../../errors.ts";
import type { DataSource } from "../data_source.ts";

/** A data set that the thesis uses and Pupil does not bring along: known, so that its plans are understood. */
export function notEmbedded(name: string, summary: string): DataSource {
  const missing = `the data set '${name}' does not come with Pupil. Give its files: data.train=FILE and data.test=FILE`;
  return { name, summary, missing, load: () => Promise.reject(new InputError(missing)) };
}
