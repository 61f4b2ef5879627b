import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { committee, committeeComposed } from "../../src/tfjs/operations/committee.ts";
import { committeeVariance, committeeVarianceComposed } from "../../src/tfjs/operations/committee_variance.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";

const LOWEST = -3.4028234663852886e38;

beforeAll(async () => {
  await useGpu(await testGpu());
});

describe("a committee's disagreement of a kernel and of stock operations", () => {
  it.each([[1, 1, 1], [3, 33, 6], [10, 5, 2], [4, 3, 130]])("agree at [%i, %i, %i]", async (members, rows, classes) => {
    const logits = tf.tensor3d(normalRows(members * rows, classes), [members, rows, classes]);
    expectClose(await committee(logits).data(), await committeeComposed(logits).data(), 4e-6, "score");
  });

  it("agree on ties, on members that are nearly sure and on masks", async () => {
    const logits = tf.tensor3d([
      [[1, 1, 1], [80, -80, 0], [LOWEST, 1, LOWEST], [LOWEST, LOWEST, LOWEST], [-1e9, 5, 4.9]],
      [[1, 1, 1], [-80, 80, 0], [0, 1, LOWEST], [LOWEST, LOWEST, LOWEST], [2, 7, 7]],
    ]);
    expectClose(await committee(logits).data(), await committeeComposed(logits).data(), 2e-6, "score");
  });
});

describe("the variance of a committee of a kernel and of stock operations", () => {
  it.each([[2, 1], [5, 70]])("agree at [%i, %i]", async (members, rows) => {
    const predictions = tf.tensor2d(normalRows(members, rows), [members, rows]);
    const [ours, stock] = [committeeVariance(predictions), committeeVarianceComposed(predictions)];
    expect(ours.shape).toEqual(stock.shape);
    expectClose(await ours.data(), await stock.data(), 1e-5, "number");
  });
});
