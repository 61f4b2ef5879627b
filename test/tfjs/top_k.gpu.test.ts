import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { topK, topKComposed } from "../../src/tfjs/operations/top_k.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { normalRows } from "../kernels/cases.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

describe("the k best of a kernel and of stock operations", () => {
  it.each([[1, 1, 1], [3, 40, 7], [2, 1000, 130], [1, 300, 300]])(
    "are the same at [%i, %i], k = %i",
    async (rows, columns, k) => {
      // Rounded, so that there are ties.
      const scores = normalRows(rows, columns).map((x) => Math.round(x * 8) / 8 + 0);
      const values = tf.tensor2d(scores, [rows, columns]);
      const [ours, stock] = [topK(values, k), topKComposed(values, k)];
      expect([ours.values.shape, ours.indices.shape, ours.indices.dtype]).toEqual([[rows, k], [rows, k], "int32"]);
      expect(await ours.indices.data()).toEqual(await stock.indices.data());
      expect(await ours.values.data()).toEqual(await stock.values.data());
    },
  );
});
