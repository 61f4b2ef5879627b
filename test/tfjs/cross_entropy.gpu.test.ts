import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import {
  crossEntropy,
  crossEntropyComposed,
  type CrossEntropyOptions,
} from "../../src/tfjs/operations/cross_entropy.ts";
import { softmax } from "../../src/tfjs/operations/softmax.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { expectGradients } from "./differences.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

const tensorOf = (shape: [number, number], key: string) => tf.tensor(normalRows(...shape, 2, key), shape);
const softOf = (shape: [number, number]) => softmax(tensorOf(shape, "soft"));
const hardOf = ([rows, classes]: [number, number]) =>
  Int32Array.from({ length: rows }, (_, row) => (row % 3 === 1 ? -100 : (row * 5 + 1) % classes));
const weightsOf = (classes: number) => Float32Array.from({ length: classes }, (_, column) => 0.5 + (column % 4));

/** Each way to state the targets for logits of a shape. */
function waysOf(shape: [number, number]): [string, Int32Array | tf.Tensor, CrossEntropyOptions][] {
  const classWeights = weightsOf(shape[1]);
  return ([["classes", hardOf(shape)], ["distributions", softOf(shape)]] as const).flatMap(([what, targets]) =>
    [
      [what, targets, {}],
      [`${what}, smoothed`, targets, { smoothing: 0.2 }],
      [`${what}, weighted`, targets, { classWeights }],
      [`${what}, weighted and smoothed`, targets, { classWeights, smoothing: 0.2 }],
    ] as [string, Int32Array | tf.Tensor, CrossEntropyOptions][]
  );
}

const operations = [["a kernel", crossEntropy], ["stock operations", crossEntropyComposed]] as const;

describe("cross-entropy of a kernel and of stock operations", () => {
  it.each([[[1, 1]], [[9, 2]], [[7, 36]], [[4, 130]]] as [[number, number]][])("agree at %s", async (shape) => {
    const logits = tensorOf(shape, "logits");
    for (const [what, targets, options] of waysOf(shape)) {
      const [ours, stock] = operations.map(([, operation]) => {
        const loss = (x: tf.Tensor) => operation(x, targets, options);
        return { value: loss(logits), gradient: tf.grad(loss)(logits, tf.scalar(3)) };
      });
      expect([ours!.value.shape, stock!.value.shape]).toEqual([[], []]);
      expect([ours!.gradient.shape, stock!.gradient.shape]).toEqual([shape, shape]);
      const [value] = await stock!.value.data();
      expectClose(await ours!.value.data(), [value!], 2e-6 * Math.max(1, value!), what);
      expectClose(await ours!.gradient.data(), await stock!.gradient.data(), 3e-6, `${what}: gradient`);
    }
  });

  it("agree that a class may be the one that is ignored, and that the loss is 0 where no row counts", async () => {
    const logits = tensorOf([4, 3], "logits");
    for (const [, operation] of operations) {
      const some = operation(logits, Int32Array.of(0, 2, 0, 1), { ignored: 0 });
      const others = operation(tf.gather(logits, [1, 3]), Int32Array.of(2, 1));
      expectClose(await some.data(), await others.data(), 1e-6);
      for (const smoothing of [0, 0.1]) {
        const loss = (x: tf.Tensor) => operation(x, new Int32Array(4).fill(-100), { smoothing });
        expect(Math.abs((await loss(logits).data())[0]!)).toBe(0);
        expect((await tf.grad(loss)(logits).data()).every((value) => value === 0)).toBe(true);
      }
    }
  });
});

describe.each(operations)("cross-entropy of %s", (_name, operation) => {
  it.each([[[5, 3]], [[3, 70]]] as [[number, number]][])("has gradients as differences say at %s", async (shape) => {
    // The wide shape takes the way that has all of them in it.
    for (const [, targets, options] of waysOf(shape).slice(shape[1] < 64 ? 0 : -1)) {
      await expectGradients((logits) => operation(logits!, targets, options), [{ shape }]);
    }
  });

  it("refuses what is no target, no weight or no part", () => {
    const logits = tf.zeros([2, 3]);
    const given = (targets: Int32Array | tf.Tensor, options?: CrossEntropyOptions) => () =>
      operation(logits, targets, options);
    expect(given(Int32Array.of(0, 3))).toThrow(new RangeError("target 3 of row 1 is none of 3 classes"));
    expect(given(Int32Array.of(-1, 0))).toThrow(new RangeError("target -1 of row 0 is none of 3 classes"));
    expect(given(Int32Array.of(-100, 0), { ignored: 1 })).toThrow(
      new RangeError("target -100 of row 0 is none of 3 classes"),
    );
    expect(given(Int32Array.of(0))).toThrow(new RangeError("there are 1 targets for 2 rows"));
    expect(given(tf.zeros([2, 2]))).toThrow(
      new RangeError("soft targets have the shape [2,2]; the logits have [2,3]"),
    );
    const targets = Int32Array.of(0, 1);
    expect(given(targets, { classWeights: Float32Array.of(1, 2) })).toThrow(
      new RangeError("there are 2 class weights for 3 classes"),
    );
    expect(given(targets, { smoothing: -0.1 })).toThrow(
      new RangeError("smoothing is -0.1; it must be between 0 and 1"),
    );
  });

  it("leaves no tensor behind, and its targets to their owner", () => {
    const logits = tensorOf([6, 5], "logits");
    const soft = softOf([6, 5]);
    const classWeights = weightsOf(5);
    const run = () =>
      tf.tidy(() => {
        for (const targets of [hardOf([6, 5]), soft]) {
          tf.grad((x: tf.Tensor) => operation(x, targets, { classWeights, smoothing: 0.1 }))(logits);
        }
      });
    run();
    const { numTensors } = tf.memory();
    run();
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(soft.isDisposed).toBe(false);
  });
});

describe("cross-entropy", () => {
  it("is one kernel forward and one backward", () => {
    const plans = vi.spyOn(backend, "runPlan");
    const targets = Int32Array.of(0, 1, 2, 3);
    tf.grad((x: tf.Tensor) => crossEntropy(x, targets))(tensorOf([4, 6], "logits"));
    expect(plans.mock.calls.map(([plan]) => plan.kernel)).toEqual(["cross_entropy", "cross_entropy_gradient"]);
    plans.mockRestore();
  });
});
