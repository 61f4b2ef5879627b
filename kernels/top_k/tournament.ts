import { type Dispatch, groupsFor, type KernelLimits, u32 } from "../../src/gpu/kernel.ts";
import type { ValueTile } from "./tiles.ts";
import extractCode from "./top_k_extract.wgsl" with { type: "text" };
import leavesCode from "./top_k_leaves.wgsl" with { type: "text" };
import levelsCode from "./top_k_levels.wgsl" with { type: "text" };

const leaves = { label: "top_k_leaves", code: leavesCode };
const levels = { label: "top_k_levels", code: levelsCode };
const extract = { label: "top_k_extract", code: extractCode };

/** How many meet in a match; the constant of the shaders. */
const FANOUT = 32;

/** How many winners each round of a row leaves, the lowest round first; none where the row itself is short. */
export function roundsOf(columns: number): number[] {
  const rounds: number[] = [];
  for (let left = columns; left > FANOUT;) {
    left = Math.ceil(left / FANOUT);
    rounds.push(left);
  }
  return rounds;
}

/** Pairs that all the rounds of a row leave. */
export function pairsOf(columns: number): number {
  return roundsOf(columns).reduce((total, left) => total + left, 0);
}

/** The dispatches of a tile for small k; they use the buffers `levels`, `best` and `indices`. */
export function tournament(tile: ValueTile, columns: number, k: number, limits: KernelLimits): Dispatch[] {
  const rounds = roundsOf(columns);
  const rowPairs = pairsOf(columns);
  const dispatches: Dispatch[] = [];
  let below = 0;
  rounds.forEach((left, round) => {
    const groups = groupsFor("top_k", tile.rows * left, 64, limits);
    if (round === 0) {
      dispatches.push({
        shader: leaves,
        bindings: [tile.values, { buffer: "levels" }],
        uniforms: [tile.rows, columns, left, rowPairs, tile.shift].map(u32),
        groups,
      });
      return;
    }
    const size = rounds[round - 1]!;
    dispatches.push({
      shader: levels,
      bindings: [{ buffer: "levels" }],
      uniforms: [tile.rows, size, left, rowPairs, below, below + size].map(u32),
      groups,
    });
    below += size;
  });
  dispatches.push({
    shader: extract,
    bindings: [tile.values, { buffer: "levels" }, { buffer: "best" }, { buffer: "indices" }],
    uniforms: [tile.rows, columns, k, rowPairs, tile.shift, tile.first].map(u32),
    groups: groupsFor("top_k", tile.rows, 64, limits),
  });
  return dispatches;
}
