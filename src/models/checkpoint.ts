import { InputError } from "../errors.ts";
import { hash } from "../hash.ts";
import { type Files, readText, writeText } from "../host.ts";
import { type Tokenizer, tokenizerFrom } from "../text/tokenizer.ts";
import type { Architecture, ModelShape } from "./architecture.ts";
import { architectures } from "./architectures.ts";
import type { Classifier } from "./model.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** A checkpoint, read and checked. */
export interface Checkpoint {
  readonly architecture: Architecture;
  readonly config: ModelShape;
  /** `config.json` as it stands. */
  readonly configJson: Record<string, unknown>;
  readonly tokenizer: Tokenizer;
  readonly values: Map<string, Float32Array>;
  readonly weightsHash: string;
}

/**
 * Reads `config.json`, `model.safetensors` and `tokenizer.json` of a folder.
 *
 * @throws InputError naming the file that is missing or wrong
 */
export async function readCheckpoint(files: Files): Promise<Checkpoint> {
  const configJson = await requiredJson(files, "config.json");
  const source = files.describe("config.json");
  const architecture = architectures.get(String(configJson.model_type), source);
  const config = architecture.parseConfig(configJson, source);
  const bytes = await files.read("model.safetensors");
  if (!bytes) throw new InputError(`there is no ${files.describe("model.safetensors")}`);
  const stored = readSafetensors(bytes, files.describe("model.safetensors"));
  const tensors = new Map([...stored].map(([name, tensor]) => [architecture.parameterName(name), tensor]));
  for (const { name, shape } of architecture.backbone(config)) {
    const found = tensors.get(name);
    if (found && String(found.shape) === String(shape)) continue;
    throw new InputError(
      `${files.describe("model.safetensors")}: ${name} is ${
        found ? `[${found.shape}]` : "missing"
      }; [${shape}] was expected`,
    );
  }
  return {
    architecture,
    config,
    configJson,
    tokenizer: tokenizerFrom(await requiredJson(files, "tokenizer.json"), files.describe("tokenizer.json")),
    values: new Map([...tensors].map(([name, { values }]) => [name, values])),
    weightsHash: hash(bytes),
  };
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
  const config = {
    ...model.spec.config,
    architectures: model.spec.config.model_type === "bert" ? ["BertForSequenceClassification"] : [],
    id2label: Object.fromEntries(labels.map((label, index) => [index, label])),
    label2id: Object.fromEntries(labels.map((label, index) => [label, index])),
  };
  await files.write("model.safetensors", writeSafetensors(tensors));
  await writeText(files, "tokenizer.json", JSON.stringify(tokenizer.json));
  await writeText(files, "config.json", JSON.stringify(config, null, 2) + "\n");
}

async function requiredJson(files: Files, path: string): Promise<Record<string, unknown>> {
  let json: unknown;
  try {
    const text = await readText(files, path);
    if (text === undefined) throw new InputError(`there is no ${files.describe(path)}`);
    json = JSON.parse(text);
  } catch (thrown) {
    // The first where it is not UTF-8.
    if (!(thrown instanceof TypeError || thrown instanceof SyntaxError)) throw thrown;
    throw new InputError(`${files.describe(path)} is not JSON`);
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw new InputError(`${files.describe(path)} is not a JSON object`);
  }
  return json as Record<string, unknown>;
}
