import { add, expandDims, logSoftmax, reshape, tensor2d, tensor3d, tidy, topk } from "@tensorflow/tfjs-core";
import { beamStep as kernel } from "../../../kernels/beam_step/beam_step.ts";
import { normals } from "../inputs.ts";
import type { KernelCase } from "../kernel_case.ts";

export const beamStep: KernelCase = {
  name: kernel.name,
  axes: ["examples", "beams", "vocabulary"],
  shapes: [[16, 3, 32128], [16, 3, 50265]],
  plan: ([examples, beams, vocabulary], limits) =>
    kernel.plan({ examples: examples!, beams: beams!, vocabulary: vocabulary!, endOfSequence: 1 }, limits),
  inputs: (shape) => ({
    logits: normals(shape),
    scores: normals(shape.slice(0, 2), "scores").map((score) => -Math.abs(score)),
  }),
  // Less than the kernel does: no check for NaN, no choice of what goes on.
  stock(shape, { logits, scores }) {
    const [examples, beams, vocabulary] = shape as [number, number, number];
    const x = tensor3d(logits as Float32Array, [examples, beams, vocabulary]);
    const before = tensor2d(scores as Float32Array, [examples, beams]);
    return () => {
      const { values, indices } = tidy(() => {
        const total = add(logSoftmax(x), expandDims(before, 2));
        return topk(reshape(total, [examples, beams * vocabulary]), 2 * beams);
      });
      return [values, indices];
    };
  },
};
