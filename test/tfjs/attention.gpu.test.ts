import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { attention, attentionComposed, type AttentionOptions } from "../../src/tfjs/operations/attention.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { expectGradients } from "./differences.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly size: number;
}

const sizes: Sizes = { batch: 2, heads: 3, queries: 6, keys: 9, size: 12 };
const dropout = { probability: 0.3, key: { seed: 1, site: 2, step: 3 } };

/** The last two keys of each row of the batch are padding. */
function paddingOf({ batch, keys }: Sizes): tf.Tensor {
  return tf.tensor(Array.from({ length: batch * keys }, (_, at) => Number(at % keys < keys - 2)), [batch, keys]);
}

const shapesOf = ({ batch, heads, queries, keys, size }: Sizes) => [
  [batch, queries, heads * size],
  [batch, keys, heads * size],
  [batch, keys, heads * size],
  [heads, queries, keys],
];

function tensorOf(shape: number[], name: string): tf.Tensor {
  return tf.tensor(normalRows(1, shape.reduce((size, each) => size * each, 1), 1, name), shape);
}

type Form = typeof attention;

/** What a form gives for random arguments, and its gradients by all of them. */
async function ofBoth(
  form: Form,
  given: Sizes,
  options: Partial<AttentionOptions>,
  biased: boolean,
): Promise<ArrayLike<number>[]> {
  const all = { heads: given.heads, scale: given.size ** -0.5, ...options };
  const operation = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, bias?: tf.Tensor) =>
    form(q, k, v, bias ? { ...all, bias } : all);
  const shapes = shapesOf(given).slice(0, biased ? 4 : 3);
  const inputs = shapes.map((shape, index) => tensorOf(shape, `argument ${index}`)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const value = operation(...inputs);
  expect(value.shape).toEqual(shapes[0]);
  const gradients = tf.grads(operation as (...each: tf.Tensor[]) => tf.Tensor)(
    inputs,
    tensorOf(shapes[0]!, "upstream"),
  );
  expect(gradients.map(({ shape }) => shape)).toEqual(shapes);
  return await Promise.all([value, ...gradients].map((each) => each.data()));
}

const cases: readonly (readonly [
  what: string,
  given: Partial<Sizes>,
  options: () => Partial<AttentionOptions>,
  biased: boolean,
])[] = [
  ["nothing else", {}, () => ({}), false],
  ["heads of 7 columns", { size: 7 }, () => ({ mask: paddingOf(sizes) }), false],
  ["a bias, dropout and a mask, a scale of 1", {}, () => ({ scale: 1, mask: paddingOf(sizes), dropout }), true],
  ["later keys hidden and a mask", {}, () => ({ causal: true, mask: paddingOf(sizes) }), false],
  ["dropout of probability 0", {}, () => ({ dropout: { ...dropout, probability: 0 } }), false],
];

describe("attention of a kernel and of stock operations", () => {
  it.each(cases)("agree, with their gradients: %s", async (_what, given, options, biased) => {
    const all = { ...sizes, ...given };
    const [ours, stock] = [
      await ofBoth(attention, all, options(), biased),
      await ofBoth(attentionComposed, all, options(), biased),
    ];
    expect(ours.length).toBe(stock.length);
    const names = ["value", "gradient by query", "gradient by key", "gradient by value", "gradient by bias"];
    stock.forEach((each, index) => expectClose(ours[index]!, each, 1e-5, names[index]));
  });

  it("agree where all keys of a row of the batch are padding", async () => {
    const mask = tf.tensor(Array.from({ length: 18 }, (_, at) => Number(at < 9)), [2, 9]);
    const [ours, stock] = [
      await ofBoth(attention, sizes, { mask }, false),
      await ofBoth(attentionComposed, sizes, { mask }, false),
    ];
    stock.forEach((each, index) => expectClose(ours[index]!, each, 1e-5, `tensor ${index}`));
  });
});

describe("attention", () => {
  it.each([false, true])("has gradients as differences say, later keys hidden: %s", async (causal) => {
    const given = { ...sizes, size: 5 };
    const mask = paddingOf(given);
    await expectGradients(
      (q, k, v, bias) => attention(q!, k!, v!, { heads: 3, scale: 0.4, mask, bias: bias!, causal, dropout }),
      shapesOf(given).map((shape) => ({ shape })),
    );
  });

  it("is one kernel call, and its gradient another", () => {
    const [q, k, v] = shapesOf(sizes).map((shape, index) => tensorOf(shape, `argument ${index}`));
    const options = { heads: 3, scale: 1, mask: paddingOf(sizes) };
    const calls = vi.spyOn(backend, "runPlan");
    attention(q!, k!, v!, options);
    expect(calls.mock.calls.map(([plan]) => plan.kernel)).toEqual(["attention"]);
    calls.mockClear();
    tf.grads((...each: tf.Tensor[]) => attention(each[0]!, each[1]!, each[2]!, options))([q!, k!, v!]);
    expect(calls.mock.calls.map(([plan]) => plan.kernel)).toEqual(["attention", "attention_gradient"]);
    calls.mockRestore();
  });

  it("keeps no tensor but its result, recorded or not", () => {
    const [q, k, v] = shapesOf(sizes).map((shape, index) => tensorOf(shape, `argument ${index}`));
    const operation = (...each: tf.Tensor[]) => attention(each[0]!, each[1]!, each[2]!, { heads: 3, scale: 1 });
    const before = tf.memory().numTensors;
    operation(q!, k!, v!).dispose();
    expect(tf.memory().numTensors).toBe(before);
    const gradients = tf.grads(operation)([q!, k!, v!]);
    expect(tf.memory().numTensors).toBe(before + gradients.length);
    tf.dispose(gradients);
  });

  it("refuses columns that are no multiple of the heads", () => {
    const [q, k, v] = shapesOf(sizes).map((shape, index) => tensorOf(shape, `argument ${index}`));
    expect(() => attention(q!, k!, v!, { heads: 5, scale: 1 })).toThrow(
      "attention: size is 7.2; it must be an integer of at least 1",
    );
  });
});
