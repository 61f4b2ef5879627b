import { type RowStats, rowStatsReference } from "../../kernels/row_stats/reference.ts";
import { requireFinite, rowStats, type RowStatsShape } from "../../kernels/row_stats/row_stats.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { random } from "../../src/random.ts";
import type { Finding } from "./finding.ts";

/** A variant of the kernel, a shape that takes it, and how far it may be from float64. */
export interface KernelCase extends RowStatsShape {
  readonly variant: string;
  readonly allowed: number;
}

export const kernelCases: readonly KernelCase[] = [
  { variant: "a thread a row", rows: 500, columns: 6, allowed: 2e-6 },
  { variant: "rows split over workgroups", rows: 3, columns: 5000, allowed: 1e-5 },
];

/** Runs `row_stats`, on which every uncertainty score rests, and compares it with its float64 oracle. */
export async function kernelFinding(gpu: Gpu, { variant, rows, columns, allowed }: KernelCase): Promise<Finding> {
  const from = random("doctor", rows, columns);
  const logits = Float32Array.from({ length: rows * columns }, () => from.normal() * 3);
  const plan = rowStats.plan({ rows, columns }, gpu.device.limits);
  const [bytes] = await runOnArrays(gpu, plan, { logits });
  const stats = new Float32Array(bytes!);
  requireFinite(stats);
  const error = largestError(stats, logits, columns);
  return {
    state: error <= allowed ? "ok" : "not ok",
    found: `kernel row_stats, ${variant}: largest error against float64 ${error.toExponential(1)}, allowed ${
      allowed.toExponential(0)
    }`,
    ...(error <= allowed
      ? {}
      : { advice: ["this driver computes wrongly; update it, or take another with --adapter"] }),
  };
}

/** Over all scores of all rows, relative to the row's log-sum-exp where that is above 1. */
export function largestError(stats: Float32Array, logits: Float32Array, columns: number): number {
  let largest = 0;
  for (let row = 0; row * 4 < stats.length; row++) {
    const own = logits.subarray(row * columns, (row + 1) * columns);
    const wanted = rowStatsReference(own);
    const scale = Math.max(1, Math.abs(Math.max(...own) - wanted.maxLogProbability));
    scoresOf(wanted).forEach((score, index) => {
      const error = Math.abs(stats[row * 4 + index]! - score) / scale;
      // Not Math.max alone: a NaN must count as an error.
      largest = Number.isNaN(error) ? Infinity : Math.max(largest, error);
    });
  }
  return largest;
}

function scoresOf({ leastConfidence, margin, entropy, maxLogProbability }: RowStats): number[] {
  return [leastConfidence, margin, entropy, maxLogProbability];
}
