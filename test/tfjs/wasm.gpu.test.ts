import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { adamwReference } from "../../kernels/adamw/reference.ts";
import { dropoutFactors } from "../../kernels/dropout/reference.ts";
import { learningRateAt } from "../../kernels/adamw/reference.ts";
import { trainingPass } from "../../src/models/pass.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { dropoutMask } from "../../src/tfjs/dropout_mask.ts";
import { measureStep } from "../../src/tfjs/measure_engines.ts";
import { activation, activationNames } from "../../src/tfjs/operations/activation.ts";
import { attention } from "../../src/tfjs/operations/attention.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { embeddingSum } from "../../src/tfjs/operations/embedding.ts";
import { layerNorm } from "../../src/tfjs/operations/layer_norm.ts";
import { linear } from "../../src/tfjs/operations/linear.ts";
import { residualLayerNorm } from "../../src/tfjs/operations/residual_layer_norm.ts";
import { logSoftmax, softmax } from "../../src/tfjs/operations/softmax.ts";
import { createParameters, type ParameterSpec, SeparateParameters } from "../../src/tfjs/parameters.ts";
import { currentBackend, resumeGpu, useGpu } from "../../src/tfjs/setup.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { useWasm } from "../../src/tfjs/wasm.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { batchOf, openModel, tinyBag, tinyBert } from "../models/tiny_models.ts";
import { expectGradients } from "./differences.ts";
import { wasmFiles, wasmHeapBytes } from "./wasm_files.ts";

beforeAll(async () => {
  await useWasm(wasmFiles);
});

const sizeOf = (shape: readonly number[]) => shape.reduce((size, each) => size * each, 1);
const tensorOf = (shape: readonly number[], key: string) => tf.tensor(normalRows(1, sizeOf(shape), 1, key), [...shape]);

describe("the wasm backend", () => {
  it("is what tfjs has under that name, with SIMD, on one thread, and takes no kernel of ours", async () => {
    expect(await useWasm(wasmFiles)).toEqual({ simd: true, threads: 1 });
    expect(tf.getBackend()).toBe("wasm");
    expect(currentBackend()).toBeUndefined();
    expect(createParameters([], new Map())).toBeInstanceOf(SeparateParameters);
  });

  it("lets others run at its reads, so that a message to a Worker arrives", async () => {
    const x = tf.tensor([1]);
    const { port1, port2 } = new MessageChannel();
    let arrived = false;
    port1.onmessage = () => arrived = true;
    port2.postMessage("stop");
    for (let read = 0; read < 20; read++) await x.data();
    expect(arrived).toBe(true);
    port1.close();
    x.dispose();
  });

  describe("sums segments", () => {
    it("in the order of their rows, without those of a negative segment", async () => {
      const values = [1e8, 1, 1, 2, -1e8, 4, 9, 9];
      const sums = tf.unsortedSegmentSum(tf.tensor(values, [4, 2]), tf.tensor1d([2, 0, 2, -1], "int32"), 3);
      expect(sums.shape).toEqual([3, 2]);
      expect([...await sums.data()]).toEqual([1, 2, 0, 0, 0, 5]);
    });
  });

  describe("looks up rows", () => {
    it.each([[[1]], [[2, 3]], [[]]])("by indices of the shape [%s]", async (shape: number[]) => {
      const table = tensorOf([5, 2, 3], "table");
      const indices = Int32Array.from({ length: sizeOf(shape) }, (_, index) => (index * 3) % 5);
      const rows = tf.gather(table, tf.tensor(indices, shape, "int32"));
      expect(rows.shape).toEqual([...shape, 2, 3]);
      const values = await table.data();
      expect([...await rows.data()]).toEqual([...indices].flatMap((row) => [...values.slice(row * 6, row * 6 + 6)]));
    });

    it("along another axis, as it did", async () => {
      const picked = tf.gather(tf.tensor2d([[1, 2, 3], [4, 5, 6]]), tf.tensor1d([2, 0], "int32"), 1);
      expect([...await picked.data()]).toEqual([3, 1, 6, 4]);
    });

    it.each([-1, 5])("but not row %i of five", (row) => {
      expect(() => tf.gather(tensorOf([5, 2], "table"), tf.tensor1d([row], "int32"))).toThrow(
        `row ${row} is outside a table of 5`,
      );
    });
  });

  describe("multiplies matrices", () => {
    const flags = [false, true];
    const cases = flags.flatMap((transposeA) => flags.map((transposeB) => [transposeA, transposeB] as const));

    it.each(cases)("transposed (%s, %s), one and several", async (transposeA, transposeB) => {
      for (const [outer, m, n, k] of [[[], 5, 7, 3], [[4], 33, 2, 50], [[2, 3], 8, 9, 16], [[2], 1, 1, 1]] as const) {
        const [a, b] = [
          tensorOf([...outer, ...(transposeA ? [k, m] : [m, k])], "a"),
          tensorOf([...outer, ...(transposeB ? [n, k] : [k, n])], "b"),
        ];
        const product = tf.matMul(a, b, transposeA, transposeB);
        expect(product.shape).toEqual([...outer, m, n]);
        const [left, right] = [await a.data(), await b.data()];
        const wanted = Array.from({ length: sizeOf(outer) * m * n }, (_, at) => {
          const [one, row, column] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
          return Array.from(
            { length: k },
            (_, inner) =>
              left[one * m * k + (transposeA ? inner * m + row : row * k + inner)]! *
              right[one * k * n + (transposeB ? column * k + inner : inner * n + column)]!,
          ).reduce((x, y) => x + y, 0);
        });
        expectClose(await product.data(), wanted, 2e-5);
      }
    });

    it("of which one is for all of the others", async () => {
      const [a, b] = [tensorOf([3, 2, 4], "a"), tensorOf([1, 4, 5], "b")];
      const product = tf.matMul(a, b);
      expect(product.shape).toEqual([3, 2, 5]);
      expectClose(await product.data(), await tf.matMul(tf.reshape(a, [6, 4]), tf.reshape(b, [4, 5])).data(), 1e-6);
    });
  });

  it("holds neither tensors nor memory of products that are over", () => {
    const multiply = (times: number) => {
      for (let time = 0; time < times; time++) {
        tf.tidy(() => void tf.matMul(tf.ones([2, 64, 256]), tf.ones([2, 64, 256]), true, false));
      }
      return { ...tf.memory(), heap: wasmHeapBytes() };
    };
    const before = multiply(10);
    // A factor laid out anew takes 128 kilobytes, and so does one that is prepared: 38 megabytes each, if they stayed.
    expect(multiply(300)).toEqual(before);
  });
});

describe("on wasm, the gradient", () => {
  const key = { seed: 5, site: 1, step: 9 };

  it("of a linear layer is right", async () => {
    await expectGradients((x, w, b) => linear(x!, w!, b!), [{ shape: [2, 5, 7] }, { shape: [3, 7] }, { shape: [3] }]);
  });

  it("of attention of two heads with a mask and dropout is right", async () => {
    const mask = tf.tensor2d([[1, 1, 1, 1, 0], [1, 1, 0, 0, 0]]);
    const options = { heads: 2, scale: 0.5, mask, dropout: { probability: 0.2, key } };
    const shape = [2, 5, 8];
    await expectGradients((q, k, v) => attention(q!, k!, v!, options), [{ shape }, { shape }, { shape }]);
  });

  it("of layer norms is right", async () => {
    const given = [{ shape: [4, 6] }, { shape: [6] }, { shape: [6] }];
    await expectGradients((x, scale, shift) => layerNorm(x!, scale!, shift!, 1e-5), given);
    const dropout = { probability: 0.2, key };
    await expectGradients(
      (x, residual, scale, shift) => residualLayerNorm(x!, residual!, scale!, shift!, 1e-5, dropout),
      [{ shape: [4, 6] }, ...given],
    );
  });

  it("of embeddings is right", async () => {
    const ids = { values: Int32Array.of(3, 0, 3, 1, 2, 3), shape: [2, 3] };
    const lookUp = (words: tf.Tensor, places: tf.Tensor) =>
      embeddingSum([{ table: words, ids }, {
        table: places,
        ids: { ...ids, values: Int32Array.of(0, 1, 2, 0, 1, 2) },
      }]);
    await expectGradients((words, places) => lookUp(words!, places!), [{ shape: [4, 5] }, { shape: [3, 5] }]);
  });

  it.each(activationNames)("of %s is right", async (kind) => {
    await expectGradients((x) => activation(x!, kind), [{ shape: [3, 7], values: normalRows(3, 7, 2).map(awayFrom0) }]);
  });

  it("of softmax, of its logarithm and of cross-entropy is right", async () => {
    await expectGradients((x) => softmax(x!), [{ shape: [3, 5] }]);
    await expectGradients((x) => logSoftmax(x!), [{ shape: [3, 5] }]);
    const targets = Int32Array.of(0, 4, -100);
    await expectGradients((x) => crossEntropy(x!, targets, { smoothing: 0.1 }), [{ shape: [3, 5] }]);
  });
});

/** A relu bends at 0. */
const awayFrom0 = (value: number) => value + Math.sign(value) * 0.1;

describe("a dropout mask drawn in haste", () => {
  it("is that of the oracle, to the bit", () => {
    for (const [length, probability] of [[1, 0.5], [7, 0.1], [1000, 0.3], [64, 0.999]] as const) {
      for (const key of [{ seed: 0, site: 0, step: 0 }, { seed: 0xffffffff, site: 3, step: 0x80000000 }]) {
        expect(dropoutMask(length, probability, key)).toEqual(dropoutFactors(length, probability, key));
      }
    }
  });
});

// Chromium compiles the shaders for half a minute on the CPU, and its wasm is Deno's.
describe.runIf("Deno" in globalThis)("a model on wasm and on our own backend", () => {
  let gpu: PupilBackend;
  beforeAll(async () => {
    gpu = await useGpu(await testGpu());
  });

  it.each([["a bag of words", tinyBag], ["an encoder", tinyBert]])(
    "has the same loss and the same gradients, with dropout: %s",
    async (_name, config) => {
      const batch = batchOf([[2, 5, 9, 3], [2, 7, 3], [2, 11, 12, 13, 14, 3]], 8);
      const computed = async () => {
        const model = openModel(config);
        const loss = () => crossEntropy(model.logits(batch, trainingPass(3, 1)), Int32Array.of(0, 2, 1));
        const { value, gradients } = tf.tidy(() => valueAndGradients(loss, model.parameters.all()));
        const read = await Promise.all([value, ...gradients].map((each) => each.data()));
        tf.dispose([value, ...gradients]);
        model.dispose();
        return read;
      };
      await resumeGpu(gpu);
      const ours = await computed();
      await useWasm(wasmFiles);
      const others = await computed();
      expect(ours.some((values) => values.some((value) => Math.abs(value) > 0.05))).toBe(true);
      ours.forEach((values, index) => expectClose(others[index]!, values, 1e-5, `gradient ${index - 1}: element`));
    },
  );
});

describe("AdamW on wasm", () => {
  beforeAll(async () => {
    await useWasm(wasmFiles);
  });

  const specs: ParameterSpec[] = [
    { name: "weight", shape: [9, 15], decays: true },
    { name: "bias", shape: [3], decays: false },
    { name: "scale", shape: [], decays: false },
  ];
  const values = new Map(specs.map(({ name, shape }) => [name, normalRows(1, sizeOf(shape), 1, name)]));
  const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, clip: 1 };
  const rate = { base: 0.05, rising: 1, steps: 5 };
  const gradientOf = (step: number, batch: number, { name, shape }: ParameterSpec) =>
    normalRows(1, sizeOf(shape), 3, `${name} ${step} ${batch}`);
  const tensorsOf = (gradients: readonly Float32Array[]) =>
    gradients.map((each, index) => tf.tensor(each, [...specs[index]!.shape]));

  it.each([
    ["clipped", settings],
    ["not clipped", { ...settings, clip: 0 }],
  ])("does what the oracle does, in four steps of one to three batches, %s", async (_what, chosen) => {
    const before = tf.memory().numTensors;
    const parameters = createParameters(specs, values);
    const optimizer = createAdamW(parameters, chosen, rate);
    const flat = (each: (spec: ParameterSpec) => Float32Array) => specs.flatMap((spec) => [...each(spec)]);
    const oracle = {
      parameters: Float64Array.from(flat(({ name }) => values.get(name)!)),
      firstMoment: new Float64Array(139),
      secondMoment: new Float64Array(139),
    };
    for (let step = 1; step <= 4; step++) {
      const sum = new Float64Array(139);
      for (let batch = 0; batch <= step % 3; batch++) {
        const gradients = tensorsOf(specs.map((spec) => gradientOf(step, batch, spec)));
        optimizer.accumulate(gradients);
        tf.dispose(gradients);
        flat((spec) => gradientOf(step, batch, spec)).forEach((value, index) => sum[index]! += value);
      }
      optimizer.step();
      adamwReference(oracle, sum, (index) => index < 135, chosen, learningRateAt(rate, step - 1), step);
    }
    const trained = await parameters.read();
    expectClose(flat(({ name }) => trained.get(name)!), oracle.parameters, 1e-6, "parameter");
    expect(trained.get("weight")).not.toEqual(values.get("weight"));
    expect([...await optimizer.frozen().data()]).toEqual([0]);
    optimizer.dispose();
    parameters.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([NaN, Infinity, 1e30])("freezes at a gradient of %s, and changes nothing from then on", async (poison) => {
    const parameters = createParameters(specs, values);
    const optimizer = createAdamW(parameters, settings, { base: 0.1 });
    const step = (given?: number) => {
      const gradients = specs.map((spec) => gradientOf(1, 0, spec));
      if (given !== undefined) gradients[0]![7] = given;
      tf.tidy(() => {
        optimizer.accumulate(tensorsOf(gradients));
        optimizer.step();
      });
    };
    step();
    const after = await parameters.read();
    step(poison);
    step();
    expect([...await optimizer.frozen().data()]).toEqual([2]);
    expect(await parameters.read()).toEqual(after);
    expect(() => optimizer.step()).toThrow("a step of no gradients");
    optimizer.dispose();
    parameters.dispose();
  });
});

describe("the measurement of a step", () => {
  /** Each look at it is a millisecond later. */
  const clock = () => {
    let time = 0;
    return () => time++;
  };

  it("gives the time of the fastest step, and leaves nothing behind", async () => {
    await useWasm(wasmFiles);
    const before = tf.memory().numTensors;
    expect(await measureStep(clock(), 1000)).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("is infinite where the budget is spent before a second step", async () => {
    await useWasm(wasmFiles);
    expect(await measureStep(clock(), 2)).toBe(Infinity);
  });
});
