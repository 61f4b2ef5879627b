import * as v from "valibot";
import { Failure } from "../../errors.ts";
import type { Files } from "../../host.ts";
import { requiredObject } from "../../json_object.ts";

const manifestShape = v.object({
  weightsManifest: v.array(v.object({
    paths: v.array(v.string()),
    weights: v.array(
      v.object({ name: v.string(), shape: v.array(v.number()), dtype: v.picklist(["float32", "int32"]) }),
    ),
  })),
});

/** A tensor of a graph model. */
export interface GraphWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Bytes of an element, of each type that there is. */
const ELEMENT = 4;

/**
 * The float32 tensors of a TensorFlow.js graph model, by name: those of `model.json`, one after the other in the files that it names. Its
 * graph is not looked at.
 *
 * @param report told of each file, with the bytes read so far
 * @throws Failure where a file is missing, or too short
 */
export async function readGraphWeights(files: Files): Promise<ReadonlyMap<string, GraphWeight>> {
  const source = files.describe("model.json");
  const result = v.safeParse(manifestShape, await requiredObject(files, "model.json"));
  if (!result.success) throw new Failure(`${source} names no weights of a graph model`);
  const all = new Map<string, GraphWeight>();
  for (const { paths, weights } of result.output.weightsManifest) {
    const bytes = joined(await Promise.all(paths.map((path) => required(files, path))));
    let at = 0;
    for (const { name, shape, dtype } of weights) {
      const end = at + shape.reduce((size, dimension) => size * dimension, ELEMENT);
      if (end > bytes.length) {
        throw new Failure(`${source}: its weights end at byte ${end}, their files at ${bytes.length}`);
      }
      if (dtype === "float32") {
        all.set(name, { shape, values: new Float32Array(bytes.buffer, at, (end - at) / ELEMENT) });
      }
      at = end;
    }
  }
  return all;
}

async function required(files: Files, path: string): Promise<Uint8Array> {
  const bytes = await files.read(path);
  if (!bytes) throw new Failure(`${files.describe(path)} is missing`);
  return bytes;
}

/** In memory of their own, such that it begins with them. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
