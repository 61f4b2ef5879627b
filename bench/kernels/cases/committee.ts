import { tensor2d, type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";
import { committee as kernel } from "../../../kernels/committee/committee.ts";
import { committeeVariance as varianceKernel } from "../../../kernels/committee/committee_variance.ts";
import { committeeComposed } from "../../../src/tfjs/operations/committee.ts";
import { committeeVarianceComposed } from "../../../src/tfjs/operations/committee_variance.ts";
import { normals } from "../inputs.ts";
import type { KernelCase } from "../kernel_case.ts";

export const committee: KernelCase = {
  name: kernel.name,
  axes: ["members", "rows", "classes"],
  shapes: [[10, 20000, 9], [10, 2000, 77], [5, 500, 1000]],
  plan: ([members, rows, classes], limits) =>
    kernel.plan({ members: members!, rows: rows!, classes: classes! }, limits),
  inputs: (shape) => ({ logits: normals(shape) }),
  stock(shape, { logits }) {
    const given: Tensor3D = tensor3d(logits as Float32Array, shape as [number, number, number]);
    return () => committeeComposed(given);
  },
};

export const committeeVariance: KernelCase = {
  name: varianceKernel.name,
  axes: ["members", "rows"],
  shapes: [[10, 100000]],
  plan: ([members, rows], limits) => varianceKernel.plan({ members: members!, rows: rows! }, limits),
  inputs: (shape) => ({ predictions: normals(shape, "predictions") }),
  stock(shape, { predictions }) {
    const given = tensor2d(predictions as Float32Array, shape as [number, number]);
    return () => committeeVarianceComposed(given);
  },
};
