import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { gradients } from "../../src/tfjs/gradients.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { normalRows } from "../kernels/cases.ts";
import { type Argument, expectGradients } from "./differences.ts";

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;
type Shape = readonly number[];
type Case = readonly [what: string, operation: Operation, shapes: readonly (Shape | Argument)[]];

beforeAll(async () => {
  await useGpu(await testGpu());
});

/** Broadcasting in each direction, in both at once, over inner and outer axes. */
const pairs: readonly (readonly [Shape, Shape])[] = [
  [[3, 5], [3, 5]],
  [[2, 3, 4], [4]],
  [[5], [3, 5]],
  [[2, 1, 3], [4, 1]],
  [[2, 3], []],
  [[1, 3], [3, 1]],
];

function binary(operation: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Case[] {
  return pairs.map((pair) => [pair.map((shape) => `[${shape}]`).join(" and "), operation as Operation, pair]);
}

function asArgument(each: Shape | Argument): Argument {
  return "shape" in each ? each : { shape: each };
}

/** Values from 1 up, of either sign: away from the pole of a division, and from the corner of a rectifier. */
function awayFromZero(shape: Shape): Argument {
  const values = normalRows(1, shape.reduce((size, each) => size * each, 1));
  return { shape, values: values.map((value) => value + Math.sign(value)) };
}

function product(a: Shape, b: Shape, transposeA: boolean, transposeB: boolean): Case {
  const what = `[${a}]${transposeA ? " transposed" : ""} and [${b}]${transposeB ? " transposed" : ""}`;
  return [what, (x, y) => tf.matMul(x!, y!, transposeA, transposeB), [a, b]];
}

const cases: Record<string, readonly Case[]> = {
  Identity: [["[3]", (x) => tf.clone(x!), [[3]]]],
  Cast: [["[3]", (x) => tf.cast(x!, "float32"), [[3]]]],
  Reshape: [
    ["[2, 3, 4] to [4, 6]", (x) => tf.reshape(x!, [4, 6]), [[2, 3, 4]]],
    ["a squeeze", (x) => tf.squeeze(x!, [1]), [[3, 1, 2]]],
  ],
  ExpandDims: [["an inner axis", (x) => tf.expandDims(x!, 1), [[3, 2]]]],
  Transpose: [
    ["[3, 5]", (x) => tf.transpose(x!), [[3, 5]]],
    ["heads to the front", (x) => tf.transpose(x!, [0, 2, 1, 3]), [[2, 3, 2, 2]]],
    ["an order that is not its own inverse", (x) => tf.transpose(x!, [2, 0, 1]), [[2, 3, 4]]],
  ],
  Slice: [
    ["a part of each axis", (x) => tf.slice(x!, [0, 1, 2], [2, 2, 1]), [[2, 4, 3]]],
    ["to the end", (x) => tf.slice(x!, [1, 0], [-1, -1]), [[3, 4]]],
    ["the first axis alone", (x) => tf.slice(x!, 1, 2), [[4, 3]]],
    ["a vector", (x) => tf.slice(x!, [2], [3]), [[7]]],
  ],
  Concat: [
    ["three along the first axis", (...x) => tf.concat(x, 0), [[1, 3], [2, 3], [3, 3]]],
    ["two along the last", (...x) => tf.concat(x, -1), [[2, 3, 1], [2, 3, 2]]],
  ],
  Add: binary(tf.add),
  Sub: binary(tf.sub),
  Multiply: [...binary(tf.mul), ["a tensor by itself", (x) => tf.mul(x!, x!), [[7]]]],
  RealDiv: pairs.map(([a, b]) => [`[${a}] by [${b}]`, (x, y) => tf.div(x!, y!), [a, awayFromZero(b)]]),
  BatchMatMul: [
    product([3, 5], [5, 2], false, false),
    product([2, 2, 3, 2], [2, 2, 2, 3], false, false),
    product([3, 3, 2], [3, 3, 2], true, false),
    product([3, 5], [2, 5], false, true),
    product([5, 3], [2, 5], true, true),
  ],
  Sum: [
    ["of all", (x) => tf.sum(x!), [[3, 5]]],
    ["along an inner axis", (x) => tf.sum(x!, 1), [[2, 3, 4]]],
    ["along two, counted from the end, kept", (x) => tf.sum(x!, [-1, 0], true), [[2, 3, 4]]],
  ],
  Mean: [
    ["of all", (x) => tf.mean(x!), [[3, 5]]],
    ["along the last axis, kept", (x) => tf.mean(x!, -1, true), [[2, 3, 4]]],
    ["along two", (x) => tf.mean(x!, [0, 2]), [[2, 3, 4]]],
  ],
  Neg: [["[3]", (x) => tf.neg(x!), [[3]]]],
  Square: [["[3, 5]", (x) => tf.square(x!), [[3, 5]]]],
  Tanh: [["[3, 5]", (x) => tf.tanh(x!), [[3, 5]]]],
  Relu: [["[3, 5]", (x) => tf.relu(x!), [awayFromZero([3, 5])]]],
};

describe.each(gradients.map((each) => [each.kernelName, each] as const))("the gradient of %s", (name, registered) => {
  it("is among these cases", () => expect(Object.keys(cases)).toContain(name));

  it.each(cases[name] ?? [])("agrees with finite differences: %s", async (_what, operation, shapes) => {
    const used = vi.spyOn(registered as { gradFunc: tf.GradFunc }, "gradFunc");
    await expectGradients(operation, shapes.map(asArgument));
    expect(used).toHaveBeenCalled();
    used.mockRestore();
  });
});

it("cases are there for registered gradients alone", () => {
  expect(Object.keys(cases).sort()).toEqual(gradients.map(({ kernelName }) => kernelName).sort());
});
