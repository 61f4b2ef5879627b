import { tensor2d } from "@tensorflow/tfjs-core";
import { topK as kernel } from "../../../kernels/top_k/top_k.ts";
import { topKComposed } from "../../../src/tfjs/operations/top_k.ts";
import { normals } from "../inputs.ts";
import type { KernelCase } from "../kernel_case.ts";

export const topK: KernelCase = {
  name: kernel.name,
  axes: ["rows", "columns", "k"],
  shapes: [[1, 1000000, 100], [512, 30522, 10]],
  plan: ([rows, columns, k], limits) => kernel.plan({ rows: rows!, columns: columns!, k: k! }, limits),
  inputs: ([rows, columns]) => ({ values: normals([rows!, columns!], "scores") }),
  stock([rows, columns, k], { values }) {
    const given = tensor2d(values as Float32Array, [rows!, columns!]);
    return () => {
      const best = topKComposed(given, k!);
      return [best.values, best.indices];
    };
  },
};
