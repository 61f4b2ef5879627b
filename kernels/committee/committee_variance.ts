import { groupsFor, type Kernel, KernelError, requireBindable, requireSize, u32 } from "../../src/gpu/kernel.ts";
import varianceCode from "./committee_variance.wgsl" with { type: "text" };
import { memberTiles } from "./member_tiles.ts";

export interface CommitteeVarianceShape {
  readonly members: number;
  readonly rows: number;
}

/** The order of the two numbers of a row in the output. */
export const COMMITTEE_VARIANCE_COLUMNS = ["mean", "variance"] as const;

const variance = { label: "committee_variance", code: varianceCode };
const STATS_BYTES = 8;

/**
 * How far the members of a committee differ on a number that they predict for each row.
 *
 * Input `predictions` [members, rows] float32. Output `stats` [rows, 2] float32: the mean, and the sample variance, whose divisor
 * is members - 1. A row in which a prediction is NaN or infinite is marked; {@link requireFiniteVariance} names it when the
 * result is read.
 *
 * @throws KernelError where there are fewer than two members, or one row of all members is over the binding limit
 * @see Burbidge, Rowland & King, Active learning for regression based on query by committee, 2007
 */
export const committeeVariance: Kernel<CommitteeVarianceShape> = {
  name: "committee_variance",

  plan({ members, rows }, limits) {
    requireSize("committee_variance", "members", members, 2);
    requireSize("committee_variance", "rows", rows);
    requireBindable("committee_variance", "stats", rows * STATS_BYTES, limits);
    const { tiles, scratch } = memberTiles("committee_variance", "predictions", members, rows, 1, limits);
    return {
      kernel: "committee_variance",
      inputs: [{ name: "predictions", bytes: members * rows * 4 }],
      outputs: [{ name: "stats", bytes: rows * STATS_BYTES }],
      scratch,
      dispatches: tiles.flatMap((tile) => [...tile.gathers, {
        shader: variance,
        bindings: [tile.source, { buffer: "stats" }],
        uniforms: [u32(members), u32(tile.rows), u32(tile.first)],
        groups: groupsFor("committee_variance", tile.rows, 64, limits),
      }]),
    };
  },
};

/**
 * Checks numbers that were read back.
 *
 * @throws KernelError naming the first row, and in it the first member, whose prediction was NaN or infinite
 */
export function requireFiniteVariance(
  stats: Float32Array,
  nameOf: (row: number) => string = (row) => `row ${row}`,
): void {
  for (let row = 0; row * 2 < stats.length; row++) {
    const marker = stats[row * 2 + 1]!;
    if (marker < 0) {
      throw new KernelError(
        "committee_variance",
        `the prediction of member ${-1 - marker} for ${nameOf(row)} is NaN or infinite`,
      );
    }
  }
}
