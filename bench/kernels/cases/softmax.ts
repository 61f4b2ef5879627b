import { softmax as stockSoftmax, tensor2d } from "@tensorflow/tfjs-core";
import { softmax as kernel } from "../../../kernels/softmax/softmax.ts";
import { normals } from "../inputs.ts";
import type { KernelCase } from "../kernel_case.ts";

export const softmax: KernelCase = {
  name: "softmax",
  axes: ["rows", "columns"],
  shapes: [[100000, 6], [100000, 50], [4096, 1000], [512, 30522], [64, 250002]],
  plan: ([rows, columns], limits) => kernel.plan({ rows: rows!, columns: columns! }, limits),
  inputs: (shape) => ({ logits: normals(shape) }),
  stock([rows, columns], { logits }) {
    const x = tensor2d(logits as Float32Array, [rows!, columns!]);
    return () => stockSoftmax(x);
  },
};
