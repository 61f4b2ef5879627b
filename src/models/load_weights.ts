import { InputError } from "../errors.ts";
import { hashInParts } from "../hash.ts";
import type { OpenFile } from "../host.ts";
import type { Architecture, InitialParameter, ModelShape, PublishedPart } from "./architecture.ts";
import { type ClassifierSpec, sharedParameters } from "./model.ts";
import type { StoredTensor } from "./safetensors/safetensors.ts";
import type { WeightFiles } from "./weight_files.ts";

/** The parameters of a classifier, as far as its files hold them. */
export interface LoadedWeights {
  readonly values: Map<string, Float32Array>;
  readonly weightsHash: string;
  readonly notices: readonly string[];
}

/** A tensor of a file, and what of it is used. */
interface Found {
  readonly tensor: StoredTensor;
  readonly part: PublishedPart;
}

/**
 * Takes a classifier from a folder's files: its backbone, and what they hold of its head, for however many classes that is.
 *
 * @throws InputError where a parameter of the backbone is missing, any has another shape, or a value is not finite
 */
export async function loadWeights(
  weights: WeightFiles,
  architecture: Architecture,
  config: ModelShape,
  describe: (path: string) => string,
): Promise<LoadedWeights> {
  const source = weights.names.map(describe).join(", ");
  const stored = [...weights.tensors].flatMap(([name, tensor]) =>
    architecture.fromPublished(name, tensor.shape).map((part): Found => ({ tensor, part }))
  );
  const byName = new Map(stored.map((each) => [each.part.name, each]));
  const backbone = architecture.backbone(config);
  const wanted = [...backbone, ...sharedParameters({ architecture, config })];
  const missing = check(wanted, new Set(backbone.map(({ name }) => name)), byName, source);
  const ofClasses = architecture.classification.parameters(config, 2).map(({ name }) => name);
  const used = new Set([...wanted.map(({ name }) => name), ...ofClasses].flatMap((name) => byName.get(name) ?? []));
  const values = await read(used);
  const known = namesOf({ architecture, config });
  const unexpected = stored.map(({ part }) => part.name).filter((name) => !known.has(name));
  return {
    values,
    weightsHash: await hashOf(weights.files),
    notices: [
      ...listed(missing, `${source} lacks these; they begin from the seed:`),
      ...listed(unexpected, `${source} holds these, which this architecture does not have; they are not used:`),
    ],
  };
}

/** The names that may be missing, and are. */
function check(
  wanted: readonly InitialParameter[],
  required: ReadonlySet<string>,
  stored: ReadonlyMap<string, Found>,
  source: string,
): string[] {
  return wanted.filter(({ name, shape }) => {
    const found = stored.get(name);
    if (!found && !required.has(name)) return true;
    if (found && String(found.part.shape) === String(shape)) return false;
    throw new InputError(
      `${found?.tensor.source ?? source}: ${name} is ${
        found ? `[${found.part.shape}]` : "missing"
      }; [${shape}] was expected`,
    );
  }).map(({ name }) => name);
}

/** Each tensor once, also one of which several parameters are parts. */
async function read(used: Iterable<Found>): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  for (const [tensor, found] of Map.groupBy(used, ({ tensor }) => tensor)) {
    const stored = await tensor.read();
    for (const { part } of found) values.set(part.name, finite(part.take(stored), part.name, tensor.source));
  }
  return values;
}

function finite(values: Float32Array, name: string, source: string): Float32Array {
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) {
      throw new InputError(`${source}: ${name} holds ${values[index]} at ${index}, which is no weight`);
    }
  }
  return values;
}

/** The parameters of the backbone under any head. */
function namesOf({ architecture, config }: Omit<ClassifierSpec, "classes">): ReadonlySet<string> {
  const { classification, tokens, words } = architecture;
  const ofHeads = [classification, tokens, words].flatMap((head) => head?.parameters(config, 2) ?? []);
  return new Set([...architecture.backbone(config), ...ofHeads].map(({ name }) => name));
}

/** Bytes that are hashed at a time. */
const PART = 2 ** 22;

async function hashOf(files: readonly OpenFile[]): Promise<string> {
  const running = hashInParts();
  const part = new Uint8Array(Math.min(PART, Math.max(0, ...files.map(({ size }) => size))));
  for (const file of files) {
    for (let at = 0; at < file.size; at += PART) {
      running.add(await file.read(at, Math.min(at + PART, file.size), part));
    }
  }
  return running.digits();
}

/** So many names, at most, are listed. */
const MOST = 8;

function listed(names: readonly string[], what: string): string[] {
  if (names.length === 0) return [];
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : "";
  return [`${what} ${names.slice(0, MOST).join(", ")}${more}`];
}
