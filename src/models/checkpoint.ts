import { InputError } from "../errors.ts";
import { type Files, writeText } from "../host.ts";
import { requiredObject } from "../json_object.ts";
import { suggest } from "../registry.ts";
import { readTokenizer } from "../text/read_tokenizer.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { Architecture, ModelShape } from "./architecture.ts";
import { architectures } from "./architectures.ts";
import type { Classifier } from "./model.ts";
import { loadWeights } from "./load_weights.ts";
import { writeSafetensors } from "./safetensors/safetensors.ts";
import { openWeights } from "./weight_files.ts";

/** A checkpoint, read and checked. */
export interface Checkpoint {
  readonly architecture: Architecture;
  readonly config: ModelShape;
  /** `config.json` as it stands. */
  readonly configJson: Record<string, unknown>;
  readonly tokenizer: Tokenizer;
  /** The backbone, and what there is of a classifier's head. */
  readonly values: Map<string, Float32Array>;
  readonly weightsHash: string;
  /** What a person should know of the files: what of the head they lack, and what of them is not used. */
  readonly notices: readonly string[];
}

/**
 * Reads the configuration, the weights and the tokenizer of a folder in Hugging Face layout. All shapes are checked before any weight is
 * read; weights are read tensor by tensor, and only those that are used.
 *
 * @throws InputError naming the file that is missing or wrong
 */
export async function readCheckpoint(files: Files): Promise<Checkpoint> {
  const there = new Set(await files.list(""));
  const configJson = await requiredObject(files, "config.json");
  const source = files.describe("config.json");
  const architecture = architectureOf(configJson, source);
  const config = architecture.parseConfig(configJson, source);
  const tokenizer = await readTokenizer(files, there);
  using weights = await openWeights(files, there);
  const loaded = await loadWeights(weights, architecture, config, (path) => files.describe(path));
  return { architecture, config, configJson, tokenizer, ...loaded };
}

/** @throws InputError where a `config.json` is of no architecture that is known here */
export function architectureOf({ model_type: name }: Record<string, unknown>, source: string): Architecture {
  if (typeof name === "string") return architectures.get(name, source);
  throw new InputError(
    `${source} has no model_type, by which its architecture is known. ${suggest("", architectures.names())}`,
  );
}

/** Writes a classifier in Hugging Face layout, such that other tools and {@link readCheckpoint} load it unchanged. */
export async function writeCheckpoint(
  files: Files,
  model: Classifier,
  tokenizer: Tokenizer,
  labels: readonly string[],
): Promise<void> {
  const values = await model.parameters.read();
  const tensors = new Map(
    model.parameters.specs.map(({ name, shape }) => [name, { shape, values: values.get(name)! }]),
  );
  const { architecture } = model.spec;
  const { className } = architecture.classification;
  const config = {
    ...model.spec.config,
    architectures: className === undefined ? [] : [className],
    id2label: Object.fromEntries(labels.map((label, index) => [index, label])),
    label2id: Object.fromEntries(labels.map((label, index) => [label, index])),
  };
  await files.write("model.safetensors", writeSafetensors(architecture.toPublished(tensors)));
  await writeText(files, "tokenizer.json", JSON.stringify(tokenizer.json));
  await writeText(files, "config.json", JSON.stringify(config, null, 2) + "\n");
}
