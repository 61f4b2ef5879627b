import * as v from "valibot";
import { InputError } from "../errors.ts";
import type { Files, OpenFile } from "../host.ts";
import { openSafetensors, type StoredTensor } from "./safetensors/safetensors.ts";

const WHOLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";

const indexSchema = v.object({ weight_map: v.record(v.string(), v.string()) });

/** The weights of a folder, still in its files. */
export interface WeightFiles extends Disposable {
  /** The files' names. */
  readonly names: readonly string[];
  readonly files: readonly OpenFile[];
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` names.
 *
 * @param there the names of the files in the folder
 * @throws InputError naming the file that is missing or wrong, and how to convert one of another format
 */
export async function openWeights(files: Files, there: ReadonlySet<string>): Promise<WeightFiles> {
  const names = there.has(WHOLE) ? [WHOLE] : await shardsOf(files, there);
  const opened: OpenFile[] = [];
  const close = () => opened.forEach((file) => file[Symbol.dispose]());
  try {
    const tensors = new Map<string, StoredTensor>();
    for (const name of names) {
      const file = await files.open(name);
      if (!file) throw new InputError(`there is no ${files.describe(name)}`);
      opened.push(file);
      for (const [key, tensor] of await openSafetensors(file, files.describe(name))) {
        if (tensors.has(key)) throw new InputError(`${files.describe(name)}: ${key} is in another file, too`);
        tensors.set(key, tensor);
      }
    }
    return { names, files: opened, tensors, [Symbol.dispose]: close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/**
 * The files that {@link openWeights} opens, of those that are there.
 *
 * @param model what Python's libraries know it by
 * @throws InputError where there are none
 */
export function weightFiles(there: ReadonlySet<string>, model: string): string[] {
  if (there.has(WHOLE)) return [WHOLE];
  if (there.has(INDEX)) return [INDEX, ...[...there].filter((name) => /^model-\d+-of-\d+\.safetensors$/.test(name))];
  throw new InputError(`there is no ${WHOLE}${howToConvert(there, model)}`);
}

async function shardsOf(files: Files, there: ReadonlySet<string>): Promise<string[]> {
  if (!there.has(INDEX)) {
    throw new InputError(`there is no ${files.describe(WHOLE)}${howToConvert(there, files.describe(""))}`);
  }
  const source = files.describe(INDEX);
  const result = v.safeParse(indexSchema, parsed(await files.read(INDEX)));
  if (!result.success) throw new InputError(`${source} does not say which file holds which tensor`);
  const names = [...new Set(Object.values(result.output.weight_map))].sort();
  for (const name of names) {
    // Whoever wrote the index is not to choose what is read outside of the folder.
    if (!/^[\w.-]+\.safetensors$/.test(name)) throw new InputError(`${source}: '${name}' is no name of a shard`);
    if (!there.has(name)) throw new InputError(`there is no ${files.describe(name)}, which ${INDEX} names`);
  }
  return names;
}

function parsed(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Pickles can run any code, so that nothing here reads them. */
function howToConvert(there: ReadonlySet<string>, model: string): string {
  const pickle = [...there].find((name) => /^pytorch_model.*\.bin$/.test(name));
  if (pickle === undefined) return "";
  return `, and ${pickle} is a pickle, which could run code and is not read. ` +
    `Convert it where Python's transformers are installed: AutoModel.from_pretrained("${model}").save_pretrained(FOLDER)`;
}
