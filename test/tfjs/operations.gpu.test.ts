import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Batch } from "../../src/models/batch.ts";
import { firstToken, meanOfTokens } from "../../src/models/pooling.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { dropout } from "../../src/tfjs/operations/dropout.ts";
import { embedding } from "../../src/tfjs/operations/embedding.ts";
import { gelu } from "../../src/tfjs/operations/gelu.ts";
import { layerNorm } from "../../src/tfjs/operations/layer_norm.ts";
import { linear } from "../../src/tfjs/operations/linear.ts";
import { logSoftmax, softmax } from "../../src/tfjs/operations/softmax.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { expectGradients } from "./differences.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

const tensorOf = (shape: number[], key: string) =>
  tf.tensor(normalRows(1, shape.reduce((size, each) => size * each, 1), 1, key), shape);

describe("a linear layer", () => {
  it("is x W^T + b over the last axis", async () => {
    const y = linear(tf.tensor([[[1, 2, 3]], [[0, 1, 0]]]), tf.tensor([[1, 0, 0], [0, 2, 1]]), tf.tensor([10, 20]));
    expect(y.shape).toEqual([2, 1, 2]);
    expect([...await y.data()]).toEqual([11, 27, 10, 22]);
  });

  it.each([[[1, 1], 1], [[7, 5], 3], [[2, 3, 5], 7]])(
    "has gradients as differences say: %s to %i",
    async (x, outputs) => {
      const inputs = x.at(-1)!;
      await expectGradients((a, w, b) => linear(a!, w!, b!), [
        { shape: x },
        { shape: [outputs, inputs] },
        { shape: [outputs] },
      ]);
    },
  );
});

describe("layer norm", () => {
  it("gives each row mean 0 and variance 1, then scales and shifts", async () => {
    const y = await layerNorm(tf.tensor([[1, 3], [-5, 5]]), tf.tensor([2, 1]), tf.tensor([0, 10]), 0).data();
    expectClose(y, [-2, 11, -2, 11], 1e-5);
  });

  it("gives a row of equal values the shift, and no gradient that is not a number", async () => {
    const [scale, shift] = [tf.ones([3]), tf.tensor([1, 2, 3])];
    const normal = (x: tf.Tensor) => layerNorm(x, scale, shift, 1e-12);
    const x = tf.fill([2, 3], 7);
    expectClose(await normal(x).data(), [1, 2, 3, 1, 2, 3], 1e-6);
    expect((await tf.grad(normal)(x).data()).every(Number.isFinite)).toBe(true);
  });

  it.each([[[2, 2]], [[5, 7]], [[2, 3, 8]]])("has gradients as differences say at %s", async (shape) => {
    const size = shape.at(-1)!;
    // The bend near equal values, which two columns may be, is as sharp as epsilon is small.
    await expectGradients((x, scale, shift) => layerNorm(x!, scale!, shift!, 0.1), [
      { shape },
      { shape: [size] },
      { shape: [size] },
    ]);
  });
});

describe("GELU", () => {
  it("is x times the normal distribution's cumulative probability", async () => {
    const wanted = [[-8, 0], [-1, -0.15865525], [0, 0], [0.5, 0.34573123], [2, 1.95449974], [9, 9]] as const;
    expectClose(await gelu(tf.tensor(wanted.map(([x]) => x))).data(), wanted.map(([, y]) => y), 1e-6);
  });

  it("has gradients as differences say", () => expectGradients((x) => gelu(x!), [{ shape: [3, 11] }]));
});

// 70 columns take the kernels' wide variant.
describe.each([["softmax", softmax], ["log-softmax", logSoftmax]])("%s", (_name, operation) => {
  it.each([[[1, 1]], [[5, 7]], [[2, 2, 3, 5]], [[2, 70]]])("has gradients as differences say at %s", async (shape) => {
    await expectGradients((x) => operation(x!), [{ shape }]);
  });
});

describe("dropout", () => {
  const key = { seed: 1, site: 2, step: 3 };

  it.each([[[5]], [[3, 7, 2]]])(
    "has gradients as differences say at %s, with the mask of the result",
    async (shape) => {
      await expectGradients((x) => dropout(x!, 0.4, key), [{ shape }]);
    },
  );

  it("passes what it is given at probability 0", () => {
    const x = tf.tensor([1, 2]);
    expect(dropout(x, 0, key)).toBe(x);
  });
});

describe("an embedding", () => {
  const values = Int32Array.of(2, 0, 2, 4, 4, 2);

  it("looks up rows, in the shape of the ids", async () => {
    const y = embedding(tf.tensor([[0, 1], [2, 3], [4, 5]]), { values: Int32Array.of(2, 0, 2), shape: [1, 3] });
    expect(y.shape).toEqual([1, 3, 2]);
    expect([...await y.data()]).toEqual([4, 5, 0, 1, 4, 5]);
  });

  it.each([[1], [3]])(
    "has gradients as differences say, of rows used often, once and never: %i columns",
    async (columns) => {
      await expectGradients((table) => embedding(table!, { values, shape: [2, 3] }), [{ shape: [6, columns] }]);
    },
  );

  it("gives the ignored row no gradient, and the others theirs", async () => {
    const gradientWith = (ignored?: number) => {
      const ids = { values, shape: [6], ...(ignored === undefined ? {} : { ignored }) };
      return tf.grad((table: tf.Tensor) => embedding(table, ids))(tensorOf([6, 2], "table"), tensorOf([6, 2], "dy"))
        .data();
    };
    const [all, some] = [await gradientWith(), await gradientWith(2)];
    expect(Math.min(...all.slice(4, 6).map(Math.abs))).toBeGreaterThan(0);
    expect(some).toEqual(all.map((value, index) => (index === 4 || index === 5 ? 0 : value)));
  });
});

describe("cross-entropy", () => {
  it("is the mean of -log p of the targets", async () => {
    const logits = tf.tensor([[0, 0, 0, 0], [Math.log(3), 0, 0, -1e9]]);
    const [loss] = await crossEntropy(logits, Int32Array.of(3, 0)).data();
    expect(loss).toBeCloseTo((Math.log(4) + Math.log(5 / 3)) / 2, 6);
  });

  it.each([[1, 2], [5, 3], [4, 70]])("has gradients as differences say: %i rows, %i classes", async (rows, classes) => {
    const targets = Int32Array.from({ length: rows }, (_, row) => (row * 3 + 1) % classes);
    await expectGradients((logits) => crossEntropy(logits!, targets), [{ shape: [rows, classes] }]);
  });

  it.each([3, -1])("refuses %i as one of three classes", (target) => {
    expect(() => crossEntropy(tf.zeros([2, 3]), Int32Array.of(0, target))).toThrow(
      `target ${target} of row 1 is none of 3 classes`,
    );
  });
});

describe("pooling", () => {
  const [rows, length] = [3, 4];
  const mask = Float32Array.of(1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0);
  const batch: Batch = { rows, length, mask, ids: new Int32Array(rows * length) };
  const hidden = Float32Array.from({ length: rows * length * 2 }, (_, index) => index);

  it("takes the first token's state", async () => {
    expect([...await firstToken(tf.tensor(hidden, [rows, length, 2]), batch).data()]).toEqual([0, 1, 8, 9, 16, 17]);
  });

  it("takes the mean of the real tokens' states, whatever stands where padding is", async () => {
    for (const filler of [0, 1e6]) {
      const states = hidden.map((value, index) => (mask[Math.floor(index / 2)] === 1 ? value : filler));
      expectClose(await meanOfTokens(tf.tensor(states, [rows, length, 2]), batch).data(), [3, 4, 9, 10, 16, 17], 1e-5);
    }
  });

  it.each([["the first token", firstToken], ["the mean", meanOfTokens]])(
    "by %s has gradients as differences say",
    async (_name, pooling) => {
      await expectGradients((states) => pooling(states!, batch), [{ shape: [rows, length, 3] }]);
    },
  );
});
