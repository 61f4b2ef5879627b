import { tensor2d } from "@tensorflow/tfjs-core";
import { rowStats as kernel } from "../../../kernels/row_stats/row_stats.ts";
import { rowStatsComposed } from "../../../src/tfjs/operations/row_stats.ts";
import { normals } from "../inputs.ts";
import type { KernelCase } from "../kernel_case.ts";

export const rowStats: KernelCase = {
  name: "row_stats",
  axes: ["rows", "columns"],
  shapes: [[100000, 6], [100000, 50], [4096, 1000], [512, 30522], [64, 250002]],
  plan: ([rows, columns], limits) => kernel.plan({ rows: rows!, columns: columns! }, limits),
  inputs: (shape) => ({ logits: normals(shape) }),
  stock([rows, columns], { logits }) {
    const x = tensor2d(logits as Float32Array, [rows!, columns!]);
    return () => rowStatsComposed(x);
  },
};
