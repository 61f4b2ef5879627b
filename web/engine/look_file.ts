import type { Files } from "../../src/host.ts";
import type { Look } from "./round_view.ts";

/**
 * A look at a round, kept so that a reload shows it at once: "PLK1", the length of a JSON header (uint32), the header with round, ids and
 * picks, then the arrays. Little-endian. It is no part of a run directory, since it can be computed again.
 */
const MAGIC = "PLK1";
const ARRAYS = ["x", "y", "entropy", "margin", "leastConfidence"] as const;

export function encodeLook({ view, acquisition, successor }: Look): Uint8Array {
  const { round, ids, picks } = view;
  const header = new TextEncoder().encode(
    JSON.stringify({ round, ids, picks, classes: acquisition.length / ids.length }),
  );
  const parts = [
    new TextEncoder().encode(MAGIC),
    new Uint8Array(Uint32Array.of(header.length).buffer),
    header,
    ...[...ARRAYS.map((name) => view[name]), acquisition, successor].map((array) =>
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    ),
    view.labelled,
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Undefined where the bytes are no look, whole: it is made again then. */
export function decodeLook(bytes: Uint8Array): Look | undefined {
  try {
    if (new TextDecoder().decode(bytes.subarray(0, 4)) !== MAGIC) return undefined;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
    const { round, ids, picks, classes } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    let at = 8 + length;
    const take = (count: number) => {
      // A copy: the header's length need not be a multiple of four.
      const array = new Float32Array(bytes.slice(at, at + count * 4).buffer);
      at += count * 4;
      return array;
    };
    const [x, y, entropy, margin, leastConfidence] = ARRAYS.map(() => take(ids.length)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const acquisition = take(ids.length * classes);
    const successor = take(ids.length * classes);
    const labelled = bytes.slice(at, at + ids.length);
    if (labelled.length !== ids.length) return undefined;
    return { view: { round, ids, x, y, entropy, margin, leastConfidence, labelled, picks }, acquisition, successor };
  } catch {
    return undefined;
  }
}

export function lookPath(folder: string, round: number): string {
  return `${folder}/look-${round}.bin`;
}

/** The round of a file's name; undefined where it is no look. */
export function lookRound(name: string): number | undefined {
  const round = /^look-(\d+)\.bin$/.exec(name)?.[1];
  return round === undefined ? undefined : Number(round);
}

export async function readLook(files: Files, folder: string, round: number): Promise<Look | undefined> {
  const bytes = await files.read(lookPath(folder, round));
  return bytes && decodeLook(bytes);
}
