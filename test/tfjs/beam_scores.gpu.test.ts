import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { requireFiniteHypotheses } from "../../kernels/beam_scores/beam_scores.ts";
import { NO_SCORE } from "../../kernels/beam_step/beam_step.ts";
import { beamScores, beamScoresComposed } from "../../src/tfjs/operations/beam_scores.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

async function expectSame(sums: Float32Array, lengths: Int32Array, hypotheses: number, penalty: number) {
  const shape: [number, number] = [sums.length / hypotheses, hypotheses];
  const [given, tokens] = [tf.tensor2d(sums, shape), tf.tensor2d(lengths, shape, "int32")];
  const [ours, stock] = [beamScores(given, tokens, penalty), beamScoresComposed(given, tokens, penalty)];
  const close = (wanted: ArrayLike<number>) => (at: number) => 1e-5 * Math.max(1, Math.abs(wanted[at]!));
  for (const part of ["scores", "stats"] as const) {
    expect(ours[part].shape).toEqual(stock[part].shape);
    const wanted = await stock[part].data();
    expectClose(await ours[part].data(), wanted, close(wanted), part);
  }
  return await ours.stats.data() as Float32Array;
}

describe("scores of beams of a kernel and of stock operations", () => {
  it.each([[1, 1, 1], [70, 4, 1], [9, 3, 2], [9, 3, 0], [9, 5, 0.7], [9, 5, -1]])(
    "agree at [%i, %i], penalty %f",
    async (examples, hypotheses, penalty) => {
      const sums = normalRows(examples, hypotheses, 9).map((x) => -Math.abs(x));
      const lengths = Int32Array.from(sums, (sum) => Math.round(-sum * 3) % 40);
      await expectSame(sums, lengths, hypotheses, penalty);
    },
  );

  it("agree on hypotheses that do not exist", async () => {
    const stats = await expectSame(
      Float32Array.from([-1, -2, NO_SCORE, -4, -5, -6]),
      Int32Array.from([1, 0, 3, 0, 0, 0]),
      3,
      1,
    );
    expect([...stats]).toEqual([-1, -1, 0, 1, NO_SCORE, NO_SCORE, 0, 0]);
  });

  it("name the same hypothesis for a NaN or an infinity", async () => {
    for (const poison of [NaN, Infinity, -Infinity]) {
      const stats = await expectSame(
        Float32Array.from([-1, -2, -3, -4, poison, -6]),
        new Int32Array(6).fill(3),
        3,
        1,
      );
      expect(() => requireFiniteHypotheses(stats)).toThrow("hypothesis 1 of example 1");
    }
  });
});
