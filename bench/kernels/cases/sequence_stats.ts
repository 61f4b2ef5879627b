import { tensor1d, tensor3d } from "@tensorflow/tfjs-core";
import { sequenceStats as kernel } from "../../../kernels/sequence_stats/sequence_stats.ts";
import { sequenceStatsComposed } from "../../../src/tfjs/operations/sequence_stats.ts";
import { normals } from "../inputs.ts";
import type { KernelCase } from "../kernel_case.ts";

/** Tokens that are all real: padding would spare our side most of its work, and the copy none. */
export const sequenceStats: KernelCase = {
  name: "sequence_stats",
  axes: ["sequences", "length", "classes"],
  shapes: [[20000, 32, 9], [2000, 128, 13], [64, 512, 50], [64, 64, 1000], [4, 128, 30522]],
  plan: ([sequences, length, classes], limits) =>
    kernel.plan({ sequences: sequences!, length: length!, classes: classes!, real: "lengths" }, limits),
  inputs: ([sequences, length, classes]) => ({
    logits: normals([sequences!, length!, classes!]),
    lengths: new Uint32Array(sequences!).fill(length!),
  }),
  stock([sequences, length, classes], { logits, lengths }) {
    const x = tensor3d(logits as Float32Array, [sequences!, length!, classes!]);
    const real = { lengths: tensor1d(Int32Array.from(lengths!), "int32") };
    return () => Object.values(sequenceStatsComposed(x, real));
  },
};
