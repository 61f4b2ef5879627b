import {
  type Dispatch,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  requireBindable,
  requireSize,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import { rangeFrom, type Tile } from "../../src/gpu/tiling.ts";
import chooseCode from "./beam_step_choose.wgsl" with { type: "text" };
import foldCode from "./beam_step_fold.wgsl" with { type: "text" };
import unpackCode from "./beam_step_unpack.wgsl" with { type: "text" };
import { BEAM_ENTRY_WORDS } from "./entries.ts";
import { maskWords } from "./token_mask.ts";

export { BEAM_ENTRY_WORDS, type BeamEntries, NO_SCORE, readBeamEntries, requireSoundBeams } from "./entries.ts";
export { maskWords, TokenMask } from "./token_mask.ts";

export interface BeamStepShape {
  readonly examples: number;
  readonly beams: number;
  readonly vocabulary: number;
  /** The token that ends a sequence; none where absent. */
  readonly endOfSequence?: number;
  /** Whether `forbidden` is bound. */
  readonly forbidden?: boolean;
  /** Whether `forced` is bound. */
  readonly forced?: boolean;
}

/** The most beams: an example's 2B best are ranked inside one workgroup. */
export const MOST_BEAMS = 32;

const fold: Shader = { label: "beam_step_fold", code: foldCode };
const choose: Shader = { label: "beam_step_choose", code: chooseCode };
const unpack: Shader = { label: "beam_step_unpack", code: unpackCode };

/** Up to here the second pass reads the logits itself. */
const DIRECT_VOCABULARY = 1024;
const BLOCK_COLUMNS = 16;
const FOLD_LANES = 64;
/** Blocks a thread folds, about: 128 columns. */
const LENGTH = 8;
/** Columns of a row that are in no block, at most: 3 before the first, 15 after the last. */
const SINGLES = 18;
const PART_BYTES = 16;

/**
 * One step of beam search: log-softmax over the whole vocabulary, plus the beams' scores, and of all that may follow the best.
 *
 * Inputs: `logits` [examples, beams, vocabulary] float32; `scores` [examples, beams] float32, accumulated log-probabilities:
 * -1e9 on all but the first beam of a first step, LOWEST (-3.402823e38) for a dead beam, which nothing follows. Optional:
 * `forbidden` [examples * beams, ceil(vocabulary / 32)] uint32, a bit a token that must not follow (see {@link TokenMask}), and
 * `forced` [examples * beams] int32, the one token that may follow, with log-probability 0 and whatever `forbidden` says, or -1.
 *
 * Outputs, see {@link readBeamEntries}: `candidates` [examples, 2 * beams], the best over all beams and tokens, and `next`
 * [examples, beams], the best that do not end the sequence; three words an entry: score (float32), beam, token (uint32). A
 * beam ends in one way at most, so of 2B candidates B go on. Sorted by score, descending; of equal scores the lower beam comes
 * first, in a beam the higher logit, of equal logits the lower token. What is missing, where fewer may follow, has the score
 * LOWEST, beam 0 and token 0. `faults` [examples] uint32, 0 where all is well: see {@link requireSoundBeams}, which names the
 * example and the beam that held a NaN or an infinity. Such an example has no entries.
 *
 * A vocabulary to 1024 takes one dispatch; above, a first one folds the rows to parts of 128 columns. Examples are tiled
 * to the binding limit.
 *
 * @throws KernelError where beams > 32 or beams > vocabulary, vocabulary < 2, the end of sequence is no token, or one
 * example's logits exceed the device's binding size
 */
export const beamStep: Kernel<BeamStepShape> = {
  name: "beam_step",

  plan(shape, limits) {
    check(shape);
    const { examples, beams, vocabulary, forbidden = false, forced = false } = shape;
    const rows = examples * beams;
    const tiles = exampleTiles(examples, beams * Math.max(vocabulary, 2 * BEAM_ENTRY_WORDS), limits);
    const slices = vocabulary <= DIRECT_VOCABULARY ? 0 : slicesOf(vocabulary);
    const most = Math.max(...tiles.map((tile) => tile.rows));
    return {
      kernel: "beam_step",
      inputs: [
        { name: "logits", bytes: rows * vocabulary * 4 },
        { name: "scores", bytes: rows * 4 },
        ...(forbidden ? [{ name: "forbidden", bytes: rows * maskWords(vocabulary) * 4 }] : []),
        ...(forced ? [{ name: "forced", bytes: rows * 4 }] : []),
      ],
      outputs: [
        { name: "candidates", bytes: rows * 2 * BEAM_ENTRY_WORDS * 4 },
        { name: "next", bytes: rows * BEAM_ENTRY_WORDS * 4 },
        { name: "faults", bytes: examples * 4 },
      ],
      scratch: [{ name: "parts", bytes: Math.max(1, most * beams * partsOf(slices)) * PART_BYTES }],
      dispatches: tiles.flatMap((tile) => tileDispatches(shape, tile, slices, limits)),
    };
  },
};

function check({ examples, beams, vocabulary, endOfSequence }: BeamStepShape): void {
  requireSize("beam_step", "examples", examples);
  requireSize("beam_step", "beams", beams);
  requireSize("beam_step", "vocabulary", vocabulary, 2);
  if (beams > MOST_BEAMS) throw new KernelError("beam_step", `beams is ${beams}; it must be at most ${MOST_BEAMS}`);
  if (beams > vocabulary) {
    throw new KernelError("beam_step", `beams is ${beams}; it must be at most the vocabulary, ${vocabulary}`);
  }
  if (endOfSequence === undefined) return;
  requireSize("beam_step", "endOfSequence", endOfSequence, 0);
  if (endOfSequence >= vocabulary) {
    throw new KernelError("beam_step", `endOfSequence is ${endOfSequence}; the vocabulary has ${vocabulary} tokens`);
  }
}

function tileDispatches(shape: BeamStepShape, tile: Tile, slices: number, limits: KernelLimits): Dispatch[] {
  const { beams, vocabulary, endOfSequence, forbidden = false, forced = false } = shape;
  const alignment = limits.minStorageBufferOffsetAlignment;
  // Where in its binding a tile begins, the shaders reckon from the tile's first example.
  const range = (buffer: string, exampleWords: number) =>
    rangeFrom(buffer, tile.first * exampleWords * 4, tile.rows * exampleWords * 4, limits).binding;
  const logits = range("logits", beams * vocabulary);
  // What is not bound is not read; something must stand in its place.
  const mask = forbidden ? range("forbidden", beams * maskWords(vocabulary)) : logits;
  const only = forced ? range("forced", beams) : range("scores", beams);
  const length = slices && Math.ceil(Math.floor(vocabulary / BLOCK_COLUMNS) / (slices * FOLD_LANES));
  const uniforms = [
    u32(tile.rows),
    u32(beams),
    u32(vocabulary),
    u32(tile.first),
    u32(alignment / 4),
    u32(slices),
    u32(length),
    u32(endOfSequence ?? 0xffffffff),
  ];
  const folding: Dispatch = {
    shader: fold,
    constants: { FORBIDDEN: Number(forbidden) },
    bindings: [logits, logits, mask, { buffer: "parts" }],
    uniforms,
    groups: groupsFor("beam_step", tile.rows * beams * Math.max(1, slices), 1, limits),
  };
  const choosing: Dispatch = {
    shader: choose,
    constants: {
      FORBIDDEN: Number(forbidden),
      FORCED: Number(forced),
      DIRECT: Number(slices === 0),
      LANES: lanesOf(beams),
    },
    bindings: [
      logits,
      { buffer: "parts" },
      range("scores", beams),
      mask,
      only,
      range("candidates", 2 * beams * BEAM_ENTRY_WORDS),
      range("next", beams * BEAM_ENTRY_WORDS),
      range("faults", 1),
    ],
    uniforms,
    groups: groupsFor("beam_step", tile.rows, 1, limits),
  };
  return slices === 0 ? [choosing] : [folding, choosing];
}

function slicesOf(vocabulary: number): number {
  return Math.ceil(vocabulary / (BLOCK_COLUMNS * FOLD_LANES * LENGTH));
}

function partsOf(slices: number): number {
  return slices === 0 ? 0 : SINGLES + slices * FOLD_LANES;
}

/** Four lanes for each of the 2B segments, or more, so that every cut makes them at least four times shorter. */
function lanesOf(beams: number): number {
  return 2 ** Math.max(5, Math.ceil(Math.log2(8 * beams)));
}

/**
 * Runs of examples that one binding holds. A tile may begin anywhere: it is bound from the aligned offset before it, so that
 * odd sizes need no common multiple.
 */
function exampleTiles(examples: number, exampleWords: number, limits: KernelLimits): Tile[] {
  const most = limits.maxStorageBufferBindingSize;
  const bytes = exampleWords * 4;
  if (examples * bytes <= most) return [{ first: 0, rows: examples }];
  const each = Math.floor((most - limits.minStorageBufferOffsetAlignment) / bytes);
  if (each < 1) {
    throw new KernelError("beam_step", `an example takes ${bytes} bytes; this device binds at most ${most} at once`);
  }
  const tiles: Tile[] = [];
  for (let first = 0; first < examples; first += each) {
    tiles.push({ first, rows: Math.min(each, examples - first) });
  }
  return tiles;
}

export interface BeamEntriesShape {
  readonly entries: number;
}

/**
 * Entries of a beam step as arrays of their own, so that they stay on the GPU: scores for the next step, beams to reorder by,
 * tokens to go on with. Input `entries` [entries, 3]; outputs `scores` float32, `beams` and `tokens` uint32, [entries] each.
 */
export const unpackBeamEntries: Kernel<BeamEntriesShape> = {
  name: "beam_step_unpack",

  plan({ entries }, limits) {
    requireSize("beam_step_unpack", "entries", entries);
    requireBindable("beam_step_unpack", "entries", entries * BEAM_ENTRY_WORDS * 4, limits);
    const outputs = ["scores", "beams", "tokens"];
    return {
      kernel: "beam_step_unpack",
      inputs: [{ name: "entries", bytes: entries * BEAM_ENTRY_WORDS * 4 }],
      outputs: outputs.map((name) => ({ name, bytes: entries * 4 })),
      scratch: [],
      dispatches: [{
        shader: unpack,
        bindings: ["entries", ...outputs].map((buffer) => ({ buffer })),
        uniforms: [u32(entries)],
        groups: groupsFor("beam_step_unpack", entries, 64, limits),
      }],
    };
  },
};
