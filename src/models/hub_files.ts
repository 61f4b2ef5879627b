import { InputError } from "../errors.ts";
import { tokenizerFiles } from "../text/tokenizer_files.ts";
import { weightFiles } from "./weight_files.ts";

/**
 * The files that make a model, of all that its repository on the hub has.
 *
 * @throws InputError where the repository is not a model's, or is in a format that is not read
 */
export function hubFiles(paths: readonly string[], name: string): string[] {
  const there = new Set(paths);
  if (!there.has("config.json")) throw new InputError(`'${name}' on the hub is no model: it has no config.json`);
  try {
    return ["config.json", ...weightFiles(there, name), ...tokenizerFiles(there, name)];
  } catch (thrown) {
    if (thrown instanceof InputError) throw new InputError(`'${name}' on the hub: ${thrown.message}`);
    throw thrown;
  }
}
