import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { type AdamWSettings, createAdamW } from "../../src/tfjs/adamw.ts";
import { dropout, dropoutComposed } from "../../src/tfjs/operations/dropout.ts";
import {
  embedding,
  embeddingComposed,
  embeddingSum,
  embeddingSumComposed,
} from "../../src/tfjs/operations/embedding.ts";
import { rowStats, rowStatsComposed } from "../../src/tfjs/operations/row_stats.ts";
import { logSoftmax, logSoftmaxComposed, softmax, softmaxComposed } from "../../src/tfjs/operations/softmax.ts";
import {
  createParameters,
  FlatParameters,
  type Parameters,
  type ParameterSpec,
  SeparateParameters,
} from "../../src/tfjs/parameters.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

const LOWEST = -3.4028234663852886e38;

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, each) => size * each, 1);
}

function tensorOf(shape: readonly number[], key: string): tf.Tensor {
  return tf.tensor(normalRows(1, sizeOf(shape), 2, key), [...shape]);
}

/** What an operation gives for a tensor, and the gradient of it for a random upstream gradient. */
async function ofBoth(operation: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) {
  const value = operation(x);
  const gradient = tf.grad(operation)(x, tensorOf(value.shape, "upstream"));
  expect(gradient.shape).toEqual(x.shape);
  return { shape: value.shape, value: await value.data(), gradient: await gradient.data() };
}

async function expectSame(
  kernel: (x: tf.Tensor) => tf.Tensor,
  composed: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  tolerance: number,
): Promise<void> {
  const [ours, stock] = [await ofBoth(kernel, x), await ofBoth(composed, x)];
  expect(ours.shape).toEqual(stock.shape);
  expectClose(ours.value, stock.value, tolerance, "value");
  expectClose(ours.gradient, stock.gradient, tolerance, "gradient");
}

describe.each([
  ["softmax", softmax, softmaxComposed],
  ["log-softmax", logSoftmax, logSoftmaxComposed],
])("%s of a kernel and of stock operations", (_name, kernel, composed) => {
  it.each([[[1, 1]], [[9, 7]], [[2, 2, 3, 5]], [[3, 130]]])("agree at %s", async (shape) => {
    await expectSame(kernel, composed, tensorOf(shape, "x"), 1e-5);
  });

  it("agree where columns, and whole rows, are masked", async () => {
    const values = normalRows(3, 6).fill(LOWEST, 4, 6).fill(-1e9, 6, 8).fill(LOWEST, 12, 18);
    // A masked column's log-probability is as large as its mask: relative there.
    const [ours, stock] = [
      await ofBoth(kernel, tf.tensor(values, [3, 6])),
      await ofBoth(composed, tf.tensor(values, [3, 6])),
    ];
    expectClose(ours.value, stock.value, (index) => 1e-5 * Math.max(1, Math.abs(stock.value[index]!)), "value");
    expectClose(ours.gradient, stock.gradient, 1e-5, "gradient");
  });
});

describe("row statistics of a kernel and of stock operations", () => {
  it.each([[1, 1], [70, 2], [33, 6], [3, 130]])("agree at [%i, %i]", async (rows, columns) => {
    const logits = tensorOf([rows, columns], "x") as tf.Tensor2D;
    expectClose(await rowStats(logits).data(), await rowStatsComposed(logits).data(), 3e-6);
  });

  it("agree on ties, on rows that are nearly sure and on masked ones", async () => {
    const logits = tf.tensor2d([
      [1, 1, 1, 1],
      [2, -1, 2, 0],
      [80, -80, 0, 3],
      [LOWEST, 1, LOWEST, 0],
      [-1e9, 5, 4.9, -1e9],
      [LOWEST, LOWEST, LOWEST, LOWEST],
    ]);
    expectClose(await rowStats(logits).data(), await rowStatsComposed(logits).data(), 2e-6);
  });
});

describe("dropout of a kernel and of stock operations", () => {
  it.each([[[1]], [[7, 3]], [[2, 3, 65]]])(
    "are the same to the bit, but for the sign of zeros, at %s",
    async (shape) => {
      const key = { seed: 0xdeadbeef, site: 3, step: 1000 };
      const kernel = (x: tf.Tensor) => dropout(x, 0.3, key);
      await expectSame(kernel, (x) => dropoutComposed(x, 0.3, key), tensorOf(shape, "x"), 1e-30);
    },
  );
});

describe("an embedding of a kernel and of stock operations", () => {
  const ids = { values: Int32Array.from({ length: 60 }, (_, index) => (index * index) % 7), shape: [4, 15] };

  it.each([undefined, 0, 4])("agree, with id %s ignored", async (ignored) => {
    const lookups = ignored === undefined ? ids : { ...ids, ignored };
    const table = tensorOf([9, 5], "table");
    await expectSame((rows) => embedding(rows, lookups), (rows) => embeddingComposed(rows, lookups), table, 2e-5);
  });

  it.each([[2, 36], [3, 5], [3, 8], [1, 1]])("agree as the sum of %i tables of %i columns", async (tables, columns) => {
    const sizes = [9, 7, 2000].slice(0, tables);
    const all = sizes.map((rows, table) => ({
      table: tensorOf([rows, columns], `table ${table}`),
      ids: { shape: [4, 15], values: ids.values.map((id) => (id * (table + 1)) % 7), ignored: table },
    }));
    // The gradient of each table in turn.
    for (const index of all.keys()) {
      const withTable = (table: tf.Tensor) => all.map((each, at) => (at === index ? { ...each, table } : each));
      await expectSame(
        (table) => embeddingSum(withTable(table)),
        (table) => embeddingSumComposed(withTable(table)),
        all[index]!.table,
        2e-5,
      );
    }
  });
});

describe("parameters in one buffer and in a tensor each", () => {
  // Sizes below, at and above the block that a parameter begins at; one that is a scalar.
  const specs: ParameterSpec[] = [
    { name: "weight", shape: [9, 15], decays: true },
    { name: "bias", shape: [3], decays: false },
    { name: "table", shape: [64], decays: true },
    { name: "scale", shape: [], decays: false },
  ];
  const values = new Map(specs.map(({ name, shape }) => [name, normalRows(1, sizeOf(shape), 1, name)]));
  const both = (): [string, Parameters][] => [
    ["flat", new FlatParameters(backend, specs, values)],
    ["separate", new SeparateParameters(specs, values)],
  ];
  const settings: AdamWSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, clip: 1 };

  async function trained(parameters: Parameters, chosen: AdamWSettings, scale: number) {
    const optimizer = createAdamW(parameters, chosen, { base: 0.05, rising: 1, steps: 5 });
    for (let step = 1; step <= 4; step++) {
      // Accumulated from one to three batches.
      for (let batch = 0; batch <= step % 3; batch++) {
        const gradients = specs.map(({ name, shape }) =>
          tf.tensor(normalRows(1, sizeOf(shape), scale, `${name} ${step} ${batch}`), [...shape])
        );
        optimizer.accumulate(gradients);
        tf.dispose(gradients);
      }
      optimizer.step();
    }
    expect([...await optimizer.frozen().data()]).toEqual([0]);
    optimizer.dispose();
    return await parameters.read();
  }

  it("hold what they were given, in its shape", async () => {
    for (const [, parameters] of both()) {
      expect(await parameters.read()).toEqual(values);
      expect(parameters.all().map(({ shape }) => shape)).toEqual(specs.map(({ shape }) => shape));
      expect(() => parameters.get("wieght")).toThrow("there is no parameter called wieght");
      parameters.dispose();
    }
  });

  it.each([
    ["clipped", settings, 50],
    ["not clipped, for its limit is 0", { ...settings, clip: 0 }, 50],
    ["within the limit", settings, 1e-3],
  ])("are the same after four steps of AdamW: the gradient %s", async (_what, chosen, scale) => {
    const results = new Map<string, Map<string, Float32Array>>();
    for (const [kind, parameters] of both()) {
      results.set(kind, await trained(parameters, chosen, scale));
      parameters.dispose();
    }
    for (const [name, stock] of results.get("separate")!) {
      expect(stock).not.toEqual(values.get(name));
      expectClose(results.get("flat")!.get(name)!, stock, 5e-6, name);
    }
  });

  it("give back all that they held, and so do their optimisers", async () => {
    const measured = async () => {
      for (const [, parameters] of both()) {
        await trained(parameters, settings, 1);
        parameters.dispose();
      }
      backend.releaseFreeBuffers();
      const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = tf.memory() as unknown as Record<string, number>;
      return { numTensors, numBytesInGPU, numBytesAllocatedInGPU };
    };
    const before = await measured();
    expect(await measured()).toEqual(before);
  });

  it("refuse values that do not fit a shape, or are missing", () => {
    for (const given of [new Map([...values, ["bias", new Float32Array(2)]]), new Map([...values].slice(1))]) {
      expect(() => createParameters(specs, given)).toThrow(
        /^parameter (bias|weight) has (2|no) values; its shape is \[/,
      );
    }
  });
});
