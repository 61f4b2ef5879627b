import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { dropout } from "../../src/tfjs/operations/dropout.ts";
import { layerNorm, layerNormComposed } from "../../src/tfjs/operations/layer_norm.ts";
import { residualLayerNorm, residualLayerNormComposed } from "../../src/tfjs/operations/residual_layer_norm.ts";
import { rmsNorm, rmsNormComposed } from "../../src/tfjs/operations/rms_norm.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { expectGradients } from "./differences.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

/** The bend near equal values, which two columns may be, is as sharp as epsilon is small. */
const EPSILON = 1;

const drop = { probability: 0.4, key: { seed: 1, site: 2, step: 3 } };

/** Each norm: its kernel; it as a function of tensors alone, by the kernel and composed; how many are large, how many columns. */
const operations: [string, string, Operation, Operation, number, number][] = [
  [
    "layer norm",
    "layer_norm",
    (x, scale, shift) => layerNorm(x!, scale!, shift!, EPSILON),
    (x, scale, shift) => layerNormComposed(x!, scale!, shift!, EPSILON),
    1,
    2,
  ],
  [
    "RMS norm",
    "rms_norm",
    (x, scale) => rmsNorm(x!, scale!, EPSILON),
    (x, scale) => rmsNormComposed(x!, scale!, EPSILON),
    1,
    1,
  ],
  [
    "layer norm of a sum",
    "residual_layer_norm",
    (a, b, scale, shift) => residualLayerNorm(a!, b!, scale!, shift!, EPSILON),
    (a, b, scale, shift) => residualLayerNormComposed(a!, b!, scale!, shift!, EPSILON),
    2,
    2,
  ],
  [
    "layer norm of a sum at probability 0",
    "residual_layer_norm",
    (a, b, scale, shift) => residualLayerNorm(a!, b!, scale!, shift!, EPSILON, { ...drop, probability: 0 }),
    (a, b, scale, shift) => residualLayerNormComposed(a!, b!, scale!, shift!, EPSILON, { ...drop, probability: 0 }),
    2,
    2,
  ],
  [
    "layer norm of a sum with dropout",
    "residual_layer_norm",
    (a, b, scale, shift) => residualLayerNorm(a!, b!, scale!, shift!, EPSILON, drop),
    (a, b, scale, shift) => residualLayerNormComposed(a!, b!, scale!, shift!, EPSILON, drop),
    2,
    2,
  ],
];

function tensorOf(shape: readonly number[], key: string): tf.Tensor {
  return tf.tensor(normalRows(1, shape.reduce((size, each) => size * each, 1), 1, key), [...shape]);
}

const shapes = [[[1, 1]], [[5, 7]], [[2, 3, 36]], [[3, 130]], [[2, 256]]];

describe.each(operations)("%s", (_name, planned, kernel, composed, large, columns) => {
  const shapesOf = (shape: readonly number[]) =>
    [
      ...new Array(large).fill(shape),
      ...new Array(columns).fill([shape.at(-1)!]),
    ] as number[][];
  const tensorsOf = (shape: readonly number[]) => shapesOf(shape).map((each, index) => tensorOf(each, `${index}`));

  it.each(shapes)("is what stock operations make of it, and so are its gradients, at %j", async (shape) => {
    const inputs = tensorsOf(shape);
    const dy = tensorOf(shape, "upstream");
    const gradientsOf = (operation: Operation) => tf.grads((...each: tf.Tensor[]) => operation(...each))(inputs, dy);
    const [ours, stock] = [kernel(...inputs), composed(...inputs)];
    expect(ours.shape).toEqual(stock.shape);
    expectClose(await ours.data(), await stock.data(), 5e-6, "value");
    const wanted = gradientsOf(composed);
    for (const [index, gradient] of gradientsOf(kernel).entries()) {
      expect(gradient.shape).toEqual(wanted[index]!.shape);
      expectClose(await gradient.data(), await wanted[index]!.data(), 1e-5, `gradient ${index}`);
    }
  });

  it.each([[[2, 2]], [[5, 7]], [[2, 3, 8]]])("has gradients as differences say at %j", async (shape) => {
    await expectGradients(kernel, shapesOf(shape).map((each) => ({ shape: each })));
  });

  it("has a composed form with gradients as differences say", async () => {
    await expectGradients(composed, shapesOf([5, 7]).map((each) => ({ shape: each })));
  });

  it("is one kernel forward and one backward, and leaves nothing behind", () => {
    const inputs = tensorsOf([6, 20]);
    const dy = tensorOf([6, 20], "upstream");
    const during = vi.spyOn(backend, "during");
    const calls = (run: () => tf.Tensor[]) => {
      during.mockClear();
      const before = tf.memory().numTensors;
      const made = run();
      expect(tf.memory().numTensors).toBe(before + made.length);
      tf.dispose(made);
      // A clone shares its buffer: it costs the GPU nothing.
      return during.mock.calls.map(([name]) => name).filter((name) => name !== "Identity");
    };
    expect(calls(() => [kernel(...inputs)])).toEqual([planned]);
    expect(calls(() => tf.grads((...each: tf.Tensor[]) => kernel(...each))(inputs, dy)))
      .toEqual([planned, `${planned}_gradient`]);
    during.mockRestore();
  });

  it("gives the same with a gradient and without one", async () => {
    const inputs = tensorsOf([7, 132]);
    const once = await kernel(...inputs).data();
    const { value } = valueAndGradients(() => tf.sum(kernel(...inputs)), inputs.slice(0, 1));
    const [total] = await value.data();
    expect(total).toBe((await tf.sum(kernel(...inputs)).data())[0]);
    const recorded: tf.Tensor[] = [];
    tf.grads((...each: tf.Tensor[]) => {
      recorded[0] = tf.keep(kernel(...each));
      return tf.sum(recorded[0]!);
    })(inputs);
    expect(await recorded[0]!.data()).toEqual(once);
  });
});

describe("the norm of a sum", () => {
  it("is that of residual + dropout of the same key", async () => {
    const [a, b, scale, shift] = [[4, 36], [4, 36], [36], [36]].map((shape, index) => tensorOf(shape, `${index}`)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const apart = layerNorm(tf.add(b, dropout(a, drop.probability, drop.key)), scale, shift, 1e-12);
    expectClose(
      await residualLayerNorm(a, b, scale, shift, 1e-12, drop).data(),
      await apart.data(),
      1e-6,
    );
  });

  it("has the sum of both gradients where one tensor is values and residual", async () => {
    const [scale, shift] = [tensorOf([12], "scale"), tensorOf([12], "shift")];
    const x = tensorOf([3, 12], "x");
    const dy = tensorOf([3, 12], "upstream");
    for (const dropped of [undefined, drop]) {
      const ours = tf.grad((each: tf.Tensor) => residualLayerNorm(each, each, scale, shift, EPSILON, dropped))(x, dy);
      const stock = tf.grad((each: tf.Tensor) => residualLayerNormComposed(each, each, scale, shift, EPSILON, dropped))(
        x,
        dy,
      );
      expectClose(await ours.data(), await stock.data(), 1e-5);
    }
  });

  it("lets gradients add up where values and residual are also used elsewhere", async () => {
    const inputs = [[3, 12], [3, 12], [12], [12]].map((shape, index) => tensorOf(shape, `${index}`));
    const gradientsOf = (operation: Operation) =>
      tf.grads((...each: tf.Tensor[]) => {
        const [a, b, scale, shift] = each;
        return tf.add(tf.mul(a!, a!), tf.add(operation(a!, b!, scale!, shift!), tf.mul(b!, a!)));
      })(inputs);
    const stock = gradientsOf((a, b, s, t) => residualLayerNormComposed(a!, b!, s!, t!, EPSILON));
    for (const [index, gradient] of gradientsOf((a, b, s, t) => residualLayerNorm(a!, b!, s!, t!, EPSILON)).entries()) {
      expectClose(await gradient.data(), await stock[index]!.data(), 1e-5, `gradient ${index}`);
    }
  });
});
