import {
  type Dispatch,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  requireSize,
  u32,
} from "../../src/gpu/kernel.ts";
import { FAN_IN, mergePasses, partsOf } from "../../src/gpu/parts.ts";
import { rangeFrom } from "../../src/gpu/tiling.ts";
import mergeStatesCode from "../row_stats/row_stats_merge.wgsl" with { type: "text" };
import mergeCode from "./sequence_stats_merge.wgsl" with { type: "text" };
import narrowCode from "./sequence_stats_narrow.wgsl" with { type: "text" };
import tokensCode from "./sequence_stats_tokens.wgsl" with { type: "text" };
import wideCode from "./sequence_stats_wide.wgsl" with { type: "text" };

export interface SequenceStatsShape {
  readonly sequences: number;
  readonly length: number;
  readonly classes: number;
  /** What says which tokens are real: the first so many of a sequence, or those with a mask that is not 0, in any pattern. */
  readonly real: "lengths" | "mask";
}

/** The order of the twelve statistics of a sequence in the output. */
export const SEQUENCE_STATS_COLUMNS = [
  "sum_max_log_probability",
  "mean_max_log_probability",
  "min_max_log_probability",
  "max_max_log_probability",
  "sum_entropy",
  "mean_entropy",
  "min_entropy",
  "max_entropy",
  "sum_margin",
  "mean_margin",
  "min_margin",
  "max_margin",
] as const;

const narrow = { label: "sequence_stats_narrow", code: narrowCode };
const wide = { label: "sequence_stats_wide", code: wideCode };
const tokens = { label: "sequence_stats_tokens", code: tokensCode };
const mergeStates = { label: "row_stats_merge", code: mergeStatesCode };
const merge = { label: "sequence_stats_merge", code: mergeCode };

const NAME = "sequence_stats";
/** Up to here a thread takes whole tokens; above, sums in parts are more exact and reads of neighbours coalesce. */
const NARROW_CLASSES = 64;
/** Sequences are cut into chunks where there are fewer than this many threads, but not into shorter ones than so many tokens. */
const ENOUGH_THREADS = 32_768;
const LEAST_CHUNK_TOKENS = 16;
/** Longer runs of tokens would round more in their sums. */
const MOST_CHUNK_TOKENS = 512;

const STATS_BYTES = SEQUENCE_STATS_COLUMNS.length * 4;
const CHUNK_STATE_BYTES = 36;
const TOKEN_STATE_BYTES = 20;
/** Each pass that merges reads one of them and writes the other. */
const TOKEN_STATES = ["token_states", "merged_token_states"] as const;

/**
 * Sum, mean, minimum and maximum, over the real tokens of each sequence, of the max log-probability (its mean is MNLP), the entropy
 * (nats) and the margin of the token's softmax, straight from logits; nothing of their size is written.
 *
 * Inputs: `logits` [sequences, length, classes] float32, and, as the shape's `real` says, `lengths` u32 [sequences] or `mask` u32
 * [sequences, length]. Logits of tokens that are not real are ignored, even a NaN. Outputs: `stats` [sequences, 12] float32, see
 * {@link SEQUENCE_STATS_COLUMNS}, all 0 for a sequence without real tokens; and `tokens` i32 [sequences], the number of real
 * tokens, or below 0 where something is wrong with the sequence, whose statistics are then -3.4e38: {@link requireFiniteTokens}
 * says what when the result is read.
 *
 * Variants: to 64 classes a thread a sequence, or, where these are few or long, a chunk of one; above, a thread a part of a token's
 * row, and the parts are merged. Both are tiled to the binding limit.
 *
 * @see Shen et al., Deep Active Learning for Named Entity Recognition, 2017, for MNLP
 */
export const sequenceStats: Kernel<SequenceStatsShape> = {
  name: NAME,

  plan(shape, limits) {
    const { sequences, length, classes, real } = shape;
    requireSize(NAME, "sequences", sequences);
    requireSize(NAME, "length", length);
    requireSize(NAME, "classes", classes);
    if (real !== "lengths" && real !== "mask") {
      throw new KernelError(NAME, `real is ${JSON.stringify(real)}; it must be "lengths" or "mask"`);
    }
    const isNarrow = classes <= NARROW_CLASSES;
    const tiles = isNarrow ? narrowTiles(shape, limits) : wideTiles(shape, limits);
    const chunks = Math.max(...tiles.map((tile) => tile.sequences * tile.chunks));
    const states = Math.max(...tiles.map((tile) => tile.sequences * length * tile.parts));
    const merged = Math.max(...tiles.map((tile) => tile.sequences * length * Math.ceil(tile.parts / FAN_IN)));
    return {
      kernel: NAME,
      inputs: [
        { name: "logits", bytes: sequences * length * classes * 4 },
        { name: real, bytes: sequences * realBytes(shape) },
      ],
      outputs: [{ name: "stats", bytes: sequences * STATS_BYTES }, { name: "tokens", bytes: sequences * 4 }],
      scratch: [
        { name: "states", bytes: chunks * CHUNK_STATE_BYTES },
        { name: "counts", bytes: chunks * 4 },
        ...(isNarrow ? [] : [
          { name: TOKEN_STATES[0], bytes: states * TOKEN_STATE_BYTES },
          { name: TOKEN_STATES[1], bytes: merged * TOKEN_STATE_BYTES },
        ]),
      ],
      dispatches: tiles.flatMap((tile) => [
        ...(isNarrow ? [narrowDispatch(tile, shape, limits)] : wideDispatches(tile, shape, limits)),
        mergeDispatch(tile, limits),
      ]),
    };
  },
};

/** A run of sequences whose buffers fit their bindings. */
interface SequenceTile {
  readonly first: number;
  readonly sequences: number;
  readonly chunks: number;
  readonly chunkTokens: number;
  /** Into how many the row of a token is cut; 1 where it is not. */
  readonly parts: number;
}

function realBytes({ real, length }: SequenceStatsShape): number {
  return real === "lengths" ? 4 : length * 4;
}

function narrowTiles(shape: SequenceStatsShape, limits: KernelLimits): SequenceTile[] {
  return sequenceTiles(shape, shape.length * shape.classes * 4, limits).map((tile) => ({ ...tile, parts: 1 }));
}

function wideTiles(shape: SequenceStatsShape, limits: KernelLimits): SequenceTile[] {
  const { length, classes } = shape;
  return sequenceTiles(shape, length * TOKEN_STATE_BYTES, limits).map((tile) => {
    const all = tile.sequences * length;
    const most = Math.floor(limits.maxStorageBufferBindingSize / (all * TOKEN_STATE_BYTES));
    return { ...tile, parts: Math.min(partsOf(all, classes), most) };
  });
}

function sequenceTiles(
  shape: SequenceStatsShape,
  bytesOfASequence: number,
  limits: KernelLimits,
): Omit<SequenceTile, "parts">[] {
  const { sequences, length } = shape;
  const mostChunks = Math.ceil(length / LEAST_CHUNK_TOKENS);
  const widest = Math.max(bytesOfASequence, realBytes(shape), STATS_BYTES, mostChunks * CHUNK_STATE_BYTES);
  const most = rowsAtOnce("a sequence", widest, limits);
  const tiles: Omit<SequenceTile, "parts">[] = [];
  for (let first = 0; first < sequences; first += most) {
    const count = Math.min(most, sequences - first);
    const wanted = Math.min(Math.ceil(ENOUGH_THREADS / count), mostChunks);
    const chunkTokens = Math.min(Math.ceil(length / wanted), MOST_CHUNK_TOKENS);
    tiles.push({ first, sequences: count, chunks: Math.ceil(length / chunkTokens), chunkTokens });
  }
  return tiles;
}

function narrowDispatch(tile: SequenceTile, shape: SequenceStatsShape, limits: KernelLimits): Dispatch {
  const { length, classes, real } = shape;
  const logits = slab("logits", tile.first, tile.sequences, length * classes * 4, limits);
  const reals = slab(real, tile.first, tile.sequences, realBytes(shape), limits);
  return {
    shader: narrow,
    constants: masked(shape),
    bindings: [logits.binding, reals.binding, { buffer: "states" }, { buffer: "counts" }],
    uniforms: [tile.sequences, length, classes, tile.chunks, tile.chunkTokens, logits.shift, reals.shift].map(u32),
    groups: groupsFor(NAME, tile.sequences * tile.chunks, 64, limits),
  };
}

function wideDispatches(tile: SequenceTile, shape: SequenceStatsShape, limits: KernelLimits): Dispatch[] {
  const { length, classes, real } = shape;
  const { parts } = tile;
  const reals = slab(real, tile.first, tile.sequences, realBytes(shape), limits);
  const all = tile.sequences * length;
  const most = rowsAtOnce("a token", classes * 4, limits);
  const folds: Dispatch[] = [];
  for (let first = 0; first < all; first += most) {
    const count = Math.min(most, all - first);
    const logits = slab("logits", tile.first * length + first, count, classes * 4, limits);
    folds.push({
      shader: wide,
      constants: masked(shape),
      bindings: [logits.binding, logits.binding, reals.binding, { buffer: TOKEN_STATES[0] }],
      uniforms: [count, first, length, classes, parts, logits.shift, reals.shift].map(u32),
      groups: groupsFor(NAME, count * parts, 64, limits),
    });
  }
  const passes = parts === 1 ? [] : mergePasses(parts);
  const merges = passes.map(({ states, results, from }): Dispatch => ({
    shader: mergeStates,
    constants: { LAST: 0 },
    bindings: [{ buffer: TOKEN_STATES[from] }, { buffer: TOKEN_STATES[from === 0 ? 1 : 0] }],
    uniforms: [all, states, FAN_IN, results].map(u32),
    groups: groupsFor(NAME, all * results, 64, limits),
  }));
  return [...folds, ...merges, {
    shader: tokens,
    constants: masked(shape),
    bindings: [
      { buffer: TOKEN_STATES[passes.length % 2 === 0 ? 0 : 1] },
      reals.binding,
      { buffer: "states" },
      { buffer: "counts" },
    ],
    uniforms: [tile.sequences, length, tile.chunks, tile.chunkTokens, reals.shift].map(u32),
    groups: groupsFor(NAME, tile.sequences * tile.chunks, 64, limits),
  }];
}

function mergeDispatch(tile: SequenceTile, limits: KernelLimits): Dispatch {
  const stats = slab("stats", tile.first, tile.sequences, STATS_BYTES, limits);
  const counts = slab("tokens", tile.first, tile.sequences, 4, limits);
  return {
    shader: merge,
    bindings: [{ buffer: "states" }, { buffer: "counts" }, stats.binding, counts.binding],
    uniforms: [tile.sequences, tile.chunks, stats.shift, counts.shift].map(u32),
    groups: groupsFor(NAME, tile.sequences, 64, limits),
  };
}

function masked({ real }: SequenceStatsShape): Record<string, number> {
  return { MASKED: real === "mask" ? 1 : 0 };
}

/** Rows of a buffer as a binding: see {@link rangeFrom}. */
function slab(buffer: string, first: number, rows: number, rowBytes: number, limits: KernelLimits) {
  return rangeFrom(buffer, first * rowBytes, rows * rowBytes, limits);
}

/** How many rows a {@link slab} may have. */
function rowsAtOnce(what: string, rowBytes: number, limits: KernelLimits): number {
  const room = limits.maxStorageBufferBindingSize - limits.minStorageBufferOffsetAlignment;
  if (rowBytes > room) {
    throw new KernelError(NAME, `${what} takes ${rowBytes} bytes; this device binds at most ${room} at once`);
  }
  return Math.floor(room / rowBytes);
}

/**
 * Checks lengths while they are still with the CPU.
 *
 * @throws KernelError naming the first that is not an integer from 0 to the tensor's length
 */
export function requireLengths(
  lengths: ArrayLike<number>,
  { sequences, length }: Pick<SequenceStatsShape, "sequences" | "length">,
  nameOf: (sequence: number) => string = (sequence) => `sequence ${sequence}`,
): void {
  if (lengths.length !== sequences) {
    throw new KernelError(
      NAME,
      `there are ${lengths.length} lengths; there must be one for each of ${sequences} sequences`,
    );
  }
  for (let sequence = 0; sequence < sequences; sequence++) {
    const own = lengths[sequence]!;
    if (!Number.isInteger(own) || own < 0 || own > length) {
      throw new KernelError(
        NAME,
        `the length of ${nameOf(sequence)} is ${own}; it must be an integer from 0 to ${length}`,
      );
    }
  }
}

/**
 * Checks the output `tokens` that was read back; `length` is that of the shape.
 *
 * @throws KernelError naming the first sequence, and its first token, whose logits held a NaN or an infinity; or the first
 * sequence whose length was over the tensor's
 */
export function requireFiniteTokens(
  tokens: Int32Array,
  length: number,
  nameOf: (sequence: number) => string = (sequence) => `sequence ${sequence}`,
): void {
  const sequence = tokens.findIndex((count) => count < 0);
  if (sequence < 0) return;
  const token = -1 - tokens[sequence]!;
  throw new KernelError(
    NAME,
    token === length
      ? `the length of ${nameOf(sequence)} is above ${length}, the length of the logits`
      : `the logits of token ${token} of ${nameOf(sequence)} hold a NaN or an infinity`,
  );
}
