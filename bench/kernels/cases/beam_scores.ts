import { tensor2d } from "@tensorflow/tfjs-core";
import { beamScores as kernel } from "../../../kernels/beam_scores/beam_scores.ts";
import { beamScoresComposed } from "../../../src/tfjs/operations/beam_scores.ts";
import { normals } from "../inputs.ts";
import type { KernelCase } from "../kernel_case.ts";

const LENGTH_PENALTY = 1;

export const beamScores: KernelCase = {
  name: kernel.name,
  axes: ["examples", "hypotheses"],
  shapes: [[20000, 4]],
  plan: ([examples, hypotheses], limits) =>
    kernel.plan({ examples: examples!, hypotheses: hypotheses!, lengthPenalty: LENGTH_PENALTY }, limits),
  inputs: (shape) => ({
    sums: normals(shape, "sums").map((sum) => -5 * Math.abs(sum)),
    lengths: Uint32Array.from(normals(shape, "lengths"), (x) => 1 + Math.floor(8 * Math.abs(x))),
  }),
  stock(shape, { sums, lengths }) {
    const size = shape as [number, number];
    const given = tensor2d(sums as Float32Array, size);
    const tokens = tensor2d(new Int32Array(lengths as Uint32Array), size, "int32");
    return () => {
      const { scores, stats } = beamScoresComposed(given, tokens, LENGTH_PENALTY);
      return [scores, stats];
    };
  },
};
