import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { roundToHalf } from "../../kernels/half/reference.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { HalfProducts } from "../../src/tfjs/half_products.ts";
import { linear } from "../../src/tfjs/operations/linear.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

/** Values for a linear layer of these sizes. */
function valuesOf(rows: number, inputs: number, outputs: number) {
  return {
    x: normalRows(rows, inputs, 1, "x"),
    weight: normalRows(outputs, inputs, 1, "weight"),
    bias: normalRows(1, outputs, 1, "bias"),
  };
}

type Values = ReturnType<typeof valuesOf>;

function tensorsOf({ x, weight, bias }: Values, shape: readonly number[]) {
  const [outputs, inputs] = [bias.length, weight.length / bias.length];
  return {
    x: tf.tensor(x, [...shape, inputs]),
    weight: tf.tensor(weight, [outputs, inputs]),
    bias: tf.tensor(bias, [outputs]),
  };
}

/** The layer in float64, of factors as they are or rounded. */
function layer({ x, weight, bias }: Values, rounded: (value: number) => number): number[] {
  const inputs = weight.length / bias.length;
  const [left, right] = [Float64Array.from(x, rounded), Float64Array.from(weight, rounded)];
  return Array.from({ length: x.length / inputs }, (_, row) =>
    Array.from(bias, (shift, output) => {
      let sum = shift;
      for (let at = 0; at < inputs; at++) sum += left[row * inputs + at]! * right[output * inputs + at]!;
      return sum;
    })).flat();
}

async function halved(values: Values, shape: readonly number[]) {
  const { x, weight, bias } = tensorsOf(values, shape);
  const halves = new HalfProducts(backend);
  const result = halves.during(() => linear(x, weight, bias));
  const given = await result.data() as Float32Array;
  halves.dispose();
  tf.dispose([x, weight, bias, result]);
  return { given, shape: result.shape, products: halves.products };
}

describe("a linear layer of stored halves", () => {
  it("is that of the rounded factors, and not that of the factors, at any sizes that are multiples of 4", async () => {
    const size = fc.integer({ min: 1, max: 40 }).map((quarter) => 4 * quarter);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), size, size, async (rows, inputs, outputs) => {
        const values = valuesOf(rows, inputs, outputs);
        const { given, products } = await halved(values, [rows]);
        expect(products).toBe(1);
        expectClose(given, layer(values, roundToHalf), 1e-5 * Math.sqrt(inputs));
      }),
      { numRuns: 4, seed: 2 },
    );
    const values = valuesOf(4, 64, 64);
    const exact = layer(values, (value) => value);
    const { given } = await halved(values, [4]);
    expect(Math.max(...given.map((value, index) => Math.abs(value - exact[index]!)))).toBeGreaterThan(1e-4);
    expectClose(given, exact, 0.02);
  });

  it("keeps the leading axes", async () => {
    const values = valuesOf(6, 8, 12);
    const { given, shape } = await halved(values, [2, 3]);
    expect(shape).toEqual([2, 3, 12]);
    expectClose(given, layer(values, roundToHalf), 1e-5);
  });

  it("is one of more rows than a texture has", async () => {
    const values = valuesOf(8194, 4, 4);
    const { given, products } = await halved(values, [8194]);
    expect(products).toBe(1);
    expectClose(given, layer(values, roundToHalf), 1e-5);
  });

  // 8209 is a prime, so its rows cannot be dealt out.
  it.each([[2, 6, 4], [2, 4, 6], [8209, 4, 4]])("is in float32 at %i x %i x %i", async (rows, inputs, outputs) => {
    const values = valuesOf(rows, inputs, outputs);
    const { given, products } = await halved(values, [rows]);
    expect(products).toBe(0);
    expectClose(given, layer(values, (value) => value), 1e-5);
  });

  it("packs a weight once, and an input once for all layers that take it", async () => {
    const { x, weight, bias } = tensorsOf(valuesOf(4, 8, 8), [4]);
    const halves = new HalfProducts(backend);
    const pass = () => tf.tidy(() => tf.add(linear(x, weight, bias), linear(x, weight, bias)));
    const before = backend.kernelCalls;
    const [once, again] = [halves.during(pass), halves.during(pass)];
    // The weight, then twice: the input, two products, the sum.
    expect(backend.kernelCalls - before).toBe(1 + 2 * 4);
    expect(await again.data()).toEqual(await once.data());
    halves.dispose();
    tf.dispose([x, weight, bias, once, again]);
  });

  it("ends with its pass, also where that fails, and gives everything back", async () => {
    const values = valuesOf(4, 8, 8);
    const { x, weight, bias } = tensorsOf(values, [4]);
    const { numTensors } = tf.memory();
    const halves = new HalfProducts(backend);
    expect(() =>
      halves.during(() =>
        tf.tidy((): tf.Tensor => {
          linear(x, weight, bias);
          throw new Error("the pass failed");
        })
      )
    ).toThrow("the pass failed");
    expect(backend.linearLayers).toBeUndefined();
    // The packed weight alone.
    expect(tf.memory().numTensors).toBe(numTensors + 1);
    halves.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
    const after = linear(x, weight, bias);
    expectClose(await after.data(), layer(values, (value) => value), 1e-5);
    tf.dispose([x, weight, bias, after]);
  });

  it("has no gradient", () => {
    const { x, weight, bias } = tensorsOf(valuesOf(4, 8, 8), [4]);
    const halves = new HalfProducts(backend);
    const gradient = tf.grad((given: tf.Tensor) => halves.during(() => linear(given, weight, bias)));
    expect(() => gradient(x)).toThrow("a product of stored halves has no gradient; training takes float32");
    halves.dispose();
    tf.dispose([x, weight, bias]);
  });
});
