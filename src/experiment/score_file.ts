import { Failure } from "../errors.ts";
import type { Files } from "../host.ts";

/**
 * All scores of a round: "PSC1", the count (uint32), the scores (float32), the ids as a JSON array. Little-endian. Naive and UPS
 * subsampling read it to resume.
 */
const MAGIC = "PSC1";

export interface Scores {
  readonly ids: readonly string[];
  /** One an id; larger = more useful. */
  readonly scores: Float32Array;
}

export function scoreFileName(round: number): string {
  return `scores-${round}.bin`;
}

export function encodeScores({ ids, scores }: Scores): Uint8Array {
  const names = new TextEncoder().encode(JSON.stringify(ids));
  const bytes = new Uint8Array(8 + scores.length * 4 + names.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, scores.length, true);
  scores.forEach((score, index) => view.setFloat32(8 + index * 4, score, true));
  bytes.set(names, 8 + scores.length * 4);
  return bytes;
}

/** @throws Failure where the bytes are not a score file */
export function decodeScores(bytes: Uint8Array, source: string): Scores {
  const broken = new Failure(`${source} is not a file of scores`);
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== MAGIC) throw broken;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(4, true);
  if (bytes.length < 8 + count * 4) throw broken;
  const scores = Float32Array.from({ length: count }, (_, index) => view.getFloat32(8 + index * 4, true));
  const ids = idsIn(bytes.subarray(8 + count * 4));
  if (ids?.length !== count) throw broken;
  return { ids, scores };
}

function idsIn(bytes: Uint8Array): string[] | undefined {
  try {
    const ids: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(ids) ? ids : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Failure where the file is missing or broken */
export async function readScores(files: Files, path: string): Promise<Scores> {
  const bytes = await files.read(path);
  if (!bytes) throw new Failure(`${files.describe(path)} is missing; the journal says that it was written`);
  return decodeScores(bytes, files.describe(path));
}
