import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { activation, activationComposed, activationNames } from "../../src/tfjs/operations/activation.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { expectGradients } from "./differences.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

function tensorOf(shape: number[], key: string): tf.Tensor {
  return tf.tensor(normalRows(1, shape.reduce((size, each) => size * each, 1), 2, key), shape);
}

describe.each(activationNames)("%s", (kind) => {
  it.each([[[]], [[1]], [[5, 7]], [[2, 3, 12]]])("of a kernel and of stock operations agree at %s", async (shape) => {
    const [x, upstream] = [tensorOf(shape, "x"), tensorOf(shape, "upstream")];
    const [ours, stock] = [activation, activationComposed].map((each) => {
      const operation = (values: tf.Tensor) => each(values, kind);
      return { value: operation(x), gradient: tf.grad(operation)(x, upstream) };
    });
    for (const what of ["value", "gradient"] as const) {
      expect(ours![what].shape).toEqual(shape);
      // Stock erf is good to 1.5e-7.
      expectClose(await ours![what].data(), await stock![what].data(), 3e-6, what);
    }
  });

  // ReLU bends at 0, where differences say something between.
  const values = normalRows(3, 11, 2).map((x) => x + Math.sign(x) * 0.1);

  it.each([["a kernel", activation], ["stock operations", activationComposed]])(
    "of %s has gradients as differences say",
    (_name, operation) => expectGradients((x) => operation(x!, kind), [{ shape: [3, 11], values }]),
  );

  it("is one kernel forward and one backward", () => {
    const plans = vi.spyOn(backend, "runPlan");
    const x = tensorOf([4, 6], "x");
    tf.grad((input: tf.Tensor) => activation(input, kind))(x, x);
    expect(plans.mock.calls.map(([plan]) => plan.kernel)).toEqual(["activation", "activation_gradient"]);
    plans.mockRestore();
  });
});

describe("an activation", () => {
  it("leaves no tensor behind", () => {
    const x = tensorOf([4, 6], "x");
    const run = () => tf.tidy(() => void tf.grad((input: tf.Tensor) => activation(input, "gelu"))(x, x));
    run();
    const { numTensors } = tf.memory();
    run();
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
