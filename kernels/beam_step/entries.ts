import { KernelError } from "../../src/gpu/kernel.ts";

/** Words of an entry of a beam step: the score's float32, the beam, the token. */
export const BEAM_ENTRY_WORDS = 3;

/** The score of an entry that does not exist; its beam and its token are 0, so that they index whatever they index. */
export const NO_SCORE: number = Math.fround(-3.402823e38);

/** Entries of a beam step, an array each: entry `index` of example `example` stands at `example * perExample + index`. */
export interface BeamEntries {
  readonly perExample: number;
  /** Accumulated log-probabilities; {@link NO_SCORE} where there is no entry. */
  readonly scores: Float32Array;
  readonly beams: Uint32Array;
  readonly tokens: Uint32Array;
}

/** Reads `candidates` or `next`, as it came back from the GPU; `perExample` is 2B or B. */
export function readBeamEntries(bytes: ArrayBuffer, perExample: number): BeamEntries {
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  const count = words.length / BEAM_ENTRY_WORDS;
  const column = (offset: number) =>
    Uint32Array.from({ length: count }, (_, entry) => words[entry * BEAM_ENTRY_WORDS + offset]!);
  return {
    perExample,
    scores: Float32Array.from({ length: count }, (_, entry) => floats[entry * BEAM_ENTRY_WORDS]!),
    beams: column(1),
    tokens: column(2),
  };
}

const OUTSIDE = 0x10000;

/**
 * Checks a step whose `faults` were read back.
 *
 * @throws KernelError naming the first example and beam with a NaN or an infinity among its logits or in its score, or with a
 * forced token outside the vocabulary
 */
export function requireSoundBeams(
  faults: ArrayLike<number>,
  nameOf: (example: number) => string = (example) => `example ${example}`,
): void {
  for (let example = 0; example < faults.length; example++) {
    const fault = faults[example]!;
    if (fault === 0) continue;
    const where = `beam ${(fault & (OUTSIDE - 1)) - 1} of ${nameOf(example)}`;
    throw new KernelError(
      "beam_step",
      fault >= OUTSIDE
        ? `the forced token of ${where} is outside the vocabulary`
        : `the logits or the score of ${where} hold a NaN or an infinity`,
    );
  }
}
