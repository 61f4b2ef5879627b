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
import { rowTiles, type Tile, tileOf } from "../../src/gpu/tiling.ts";
import mergeCode from "./row_stats_merge.wgsl" with { type: "text" };
import narrowCode from "./row_stats_narrow.wgsl" with { type: "text" };
import wideCode from "./row_stats_wide.wgsl" with { type: "text" };

export interface RowStatsShape {
  readonly rows: number;
  readonly columns: number;
}

/** The order of the four scores of a row in the output. */
export const ROW_STATS_COLUMNS = ["least_confidence", "margin", "entropy", "max_log_probability"] as const;

const narrow = { label: "row_stats_narrow", code: narrowCode };
const wide = { label: "row_stats_wide", code: wideCode };
const merge = { label: "row_stats_merge", code: mergeCode };

/** Up to here a thread takes a whole row; above, sums in parts are more exact and reads of neighbours coalesce. */
const NARROW_COLUMNS = 64;
const STATE_BYTES = 20;
const SCORES_BYTES = 16;

/**
 * Statistics of the softmax of each row, enough for least confidence, margin, entropy and MNLP, from one pass; nothing of
 * softmax size is written.
 *
 * Input `logits` [rows, columns] float32. Output `stats` [rows, 4] float32, see {@link ROW_STATS_COLUMNS}: probabilities,
 * and nats. A row that holds a NaN or an infinity is marked; {@link requireFinite} names it when the result is read.
 *
 * Variants: a thread a row to 64 columns; above, rows are cut into parts, which are folded, a thread each, and then
 * merged, thirty-two in a thread. Rows are tiled to the binding limit.
 *
 * @see Milakov & Gimelshein, Online normalizer calculation for softmax, 2018
 */
export const rowStats: Kernel<RowStatsShape> = {
  name: "row_stats",

  plan({ rows, columns }, limits) {
    requireSize("row_stats", "rows", rows);
    requireSize("row_stats", "columns", columns);
    const tiles = rowTiles("row_stats", rows, [columns * 4, SCORES_BYTES], limits);
    const isNarrow = columns <= NARROW_COLUMNS;
    const states = Math.max(...tiles.map((tile) => tile.rows * partsOf(tile.rows, columns)));
    const merged = Math.max(...tiles.map((tile) => tile.rows * Math.ceil(partsOf(tile.rows, columns) / FAN_IN)));
    return {
      kernel: "row_stats",
      inputs: [{ name: "logits", bytes: rows * columns * 4 }],
      outputs: [{ name: "stats", bytes: rows * SCORES_BYTES }],
      scratch: isNarrow ? [] : [
        { name: "states", bytes: states * STATE_BYTES },
        { name: "merged", bytes: merged * STATE_BYTES },
      ],
      dispatches: tiles.flatMap((tile) => (isNarrow ? narrowTile : wideTile)(tile, columns, limits)),
    };
  },
};

function narrowTile(tile: Tile, columns: number, limits: KernelLimits): Dispatch[] {
  return [{
    shader: narrow,
    bindings: [tileOf("logits", tile, columns * 4), tileOf("stats", tile, SCORES_BYTES)],
    uniforms: [u32(tile.rows), u32(columns)],
    groups: groupsFor("row_stats", tile.rows, 64, limits),
  }];
}

function wideTile(tile: Tile, columns: number, limits: KernelLimits): Dispatch[] {
  const parts = partsOf(tile.rows, columns);
  const logits = tileOf("logits", tile, columns * 4);
  const fold: Dispatch = {
    shader: wide,
    bindings: [logits, logits, { buffer: "states" }],
    uniforms: [u32(tile.rows), u32(columns), u32(parts)],
    groups: groupsFor("row_stats", tile.rows * parts, 64, limits),
  };
  const scratch = ["states", "merged"];
  return [
    fold,
    ...mergePasses(parts).map(({ states, results, from }): Dispatch => ({
      shader: merge,
      constants: { LAST: results === 1 ? 1 : 0 },
      bindings: [
        { buffer: scratch[from]! },
        results === 1 ? tileOf("stats", tile, SCORES_BYTES) : { buffer: scratch[1 - from]! },
      ],
      uniforms: [u32(tile.rows), u32(states), u32(FAN_IN), u32(results)],
      groups: groupsFor("row_stats", tile.rows * results, 64, limits),
    })),
  ];
}

/**
 * Checks scores that were read back.
 *
 * @throws KernelError naming the first row whose logits held a NaN or an infinity
 */
export function requireFinite(stats: Float32Array, nameOf: (row: number) => string = (row) => `row ${row}`): void {
  for (let row = 0; row * 4 < stats.length; row++) {
    if (stats[row * 4]! < 0) {
      throw new KernelError("row_stats", `the logits of ${nameOf(row)} hold a NaN or an infinity`);
    }
  }
}
