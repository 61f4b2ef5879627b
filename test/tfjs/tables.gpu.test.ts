import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { embeddingSum, embeddingSumComposed } from "../../src/tfjs/operations/embedding.ts";
import { linear } from "../../src/tfjs/operations/linear.ts";
import { wordProducts } from "../../src/tfjs/operations/word_products.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

function tensorOf(shape: number[], key: string): tf.Tensor {
  return tf.tensor(normalRows(1, shape.reduce((a, b) => a * b), 1, key), shape);
}

/** A table, whole and in parts of these rows. */
function tables(columns: number, ...rows: number[]): { whole: tf.Tensor; parts: tf.Tensor[] } {
  const parts = rows.map((each, part) => tensorOf([each, columns], `part ${part}`));
  return { whole: tf.concat(parts, 0), parts };
}

type Operation = (...given: tf.Tensor[]) => tf.Tensor;

/** A value, and the gradients by each input, as one vector. */
async function valueAndGradients(run: Operation, given: tf.Tensor[], upstream: tf.Tensor): Promise<Float32Array> {
  const all = [run(...given), ...tf.grads(run)(given, upstream)];
  const values = await Promise.all(all.map((each) => each.data()));
  return Float32Array.from(values.flatMap((each) => [...each]));
}

describe.each([
  ["64 and 7 rows of 36", 36, [64, 7]],
  ["64, 64, and 4 rows of 8", 8, [64, 64, 4]],
  ["128 and 1 rows of 5", 5, [128, 1]],
])("a table in parts of %s columns", (_what, columns, rows) => {
  const words = rows.reduce((sum, each) => sum + each);

  it.each([true, false])(
    "gives products and their gradients the bits of the whole one's, with a bias: %s",
    async (isBiased) => {
      const { whole, parts } = tables(columns, ...rows);
      const states = tensorOf([2, 3, columns], "states");
      const upstream = tensorOf([2, 3, words], "upstream");
      const bias = isBiased ? [tensorOf([words], "bias")] : [];
      const own: Operation = (x, ...given) => wordProducts(x, given.slice(0, rows.length), given[rows.length]);
      const actual = await valueAndGradients(own, [states, ...parts, ...bias], upstream);
      const one: Operation = (x, table, shift) => linear(x, table!, shift);
      expect(actual).toEqual(await valueAndGradients(one, [states, whole, ...bias], upstream));
    },
  );

  it("gives lookups and their gradients the bits of the whole one's, and what stock operations give", async () => {
    const { whole, parts } = tables(columns, ...rows);
    const ids = Int32Array.from({ length: 90 }, (_, index) => index % 4 === 0 ? 3 : (index * 31) % words);
    const positions = {
      table: tensorOf([5, columns], "positions"),
      ids: { values: ids.map((id) => id % 5), shape: [9, 10] },
    };
    const upstream = tensorOf([9, 10, columns], "upstream");
    const sumOf = (operation: typeof embeddingSum): Operation => (...table) =>
      operation([{ table, ids: { values: ids, shape: [9, 10], ignored: 3 } }, positions]);
    const actual = await valueAndGradients(sumOf(embeddingSum), parts, upstream);
    expect(actual).toEqual(await valueAndGradients(sumOf(embeddingSum), [whole], upstream));
    expectClose(actual, await valueAndGradients(sumOf(embeddingSumComposed), parts, upstream), 2e-5);
  });
});
