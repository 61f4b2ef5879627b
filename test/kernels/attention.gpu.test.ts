import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { attention } from "../../kernels/attention/attention.ts";
import { attentionGradient } from "../../kernels/attention/attention_gradient.ts";
import {
  attentionGradientReference,
  type AttentionInputs,
  attentionReference,
  type AttentionShape,
} from "../../kernels/attention/reference.ts";
import { dropout } from "../../kernels/dropout/dropout.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

/** Inputs of the kernels, with arrays for what the shape says there is. */
type Arrays = { [Name in keyof AttentionInputs]: Float32Array };

const key = { seed: 7, site: 8, step: 9 };

function inputsOf(shape: AttentionShape): Arrays {
  const { batch, heads, queries, keys, size } = shape;
  const rows = (length: number, name: string) => normalRows(batch, length * heads * size, 1, name);
  // The last keys of a row of the batch are padding, the more of them the later the row; the first never is.
  const real = (_: unknown, index: number) => Number(index % keys < Math.max(1, keys - Math.floor(index / keys)));
  return {
    query: rows(queries, "query"),
    key: rows(keys, "key"),
    value: rows(keys, "value"),
    ...(shape.mask ? { mask: Float32Array.from({ length: batch * keys }, real) } : {}),
    ...(shape.bias ? { bias: normalRows(heads, queries * keys, 1, "bias") } : {}),
  };
}

async function run(shape: AttentionShape, inputs: Arrays, limits: KernelLimits = gpu.device.limits) {
  const buffers = await runOnArrays(gpu, attention.plan(shape, limits), { ...inputs });
  const [context, states] = buffers.map((buffer) => new Float32Array(buffer));
  return { context: context!, states: states! };
}

async function runGradient(shape: AttentionShape, inputs: Arrays, limits: KernelLimits = gpu.device.limits) {
  const plan = attentionGradient.plan(shape, limits);
  const upstream = upstreamOf(shape);
  const buffers = await runOnArrays(gpu, plan, { ...inputs, ...await run(shape, inputs), upstream });
  const [query, key, value, bias] = buffers.map((buffer) => new Float32Array(buffer));
  return { query: query!, key: key!, value: value!, bias: bias! };
}

function upstreamOf({ batch, heads, queries, size }: AttentionShape): Float32Array {
  return normalRows(batch, queries * heads * size, 1, "upstream");
}

/** Of sums of as many terms, whose size is 1: rounding goes with the root of their number. */
const toleranceOf = ({ size, keys, queries }: AttentionShape) =>
  1e-6 * (2 + Math.sqrt(size)) * Math.sqrt(1 + Math.max(keys, queries) / 16);

async function expectAsOracle(shape: AttentionShape, inputs = inputsOf(shape)): Promise<void> {
  const tolerance = toleranceOf(shape);
  expectClose((await run(shape, inputs)).context, attentionReference(inputs, shape), tolerance, "context");
  const ours = await runGradient(shape, inputs);
  const wanted = attentionGradientReference(inputs, upstreamOf(shape), shape);
  for (const name of ["query", "key", "value"] as const) {
    expectClose(ours[name], wanted[name], tolerance * 2, `gradient by ${name}`);
  }
  if (shape.bias) expectClose(ours.bias, wanted.bias, tolerance * (1 + Math.sqrt(shape.batch)), "gradient by bias");
}

const plain = { batch: 2, heads: 2, queries: 9, keys: 11, size: 8, scale: 8 ** -0.5 };
const dropped = { probability: 0.3, key };

/** The limits of a device that binds so little at once, at offsets that any device accepts. */
function binding(bytes: number): KernelLimits {
  const { maxBufferSize, maxComputeWorkgroupsPerDimension } = gpu.device.limits;
  return {
    maxBufferSize,
    maxComputeWorkgroupsPerDimension,
    minStorageBufferOffsetAlignment: 256,
    maxStorageBufferBindingSize: bytes,
  };
}

describe("attention", () => {
  it.each(
    [
      ["nothing else", {}],
      ["a mask", { mask: true }],
      ["later keys hidden", { causal: true }],
      ["more queries than keys, later ones hidden", { causal: true, queries: 14, keys: 5 }],
      ["later keys hidden, over several tiles", { causal: true, queries: 37, keys: 50, mask: true }],
      ["dropout, keys even", { dropout: dropped, keys: 10 }],
      ["dropout, keys odd, and a bias", { dropout: dropped, bias: true }],
      ["all of it", { mask: true, bias: true, causal: true, dropout: dropped, keys: 41, queries: 33 }],
      ["one query, one key, one column", { queries: 1, keys: 1, size: 1, heads: 1, batch: 1 }],
      ["heads of 12 in 36 columns", { heads: 3, size: 12 }],
      ["heads of 7", { size: 7, mask: true }],
      ["heads of 128", { size: 128, queries: 3, keys: 17 }],
    ] as const,
  )("agrees with the oracle, with its gradients: %s", async (_what, others) => {
    await expectAsOracle({ ...plain, ...others });
  });

  it("agrees with the oracle, with its gradients, at shapes of any sort", async () => {
    const size = (max: number) => fc.integer({ min: 1, max });
    const shapes = fc.record({
      batch: size(3),
      heads: size(3),
      queries: size(20),
      keys: size(36),
      size: size(20),
      scale: fc.constantFrom(1, 0.25),
      mask: fc.boolean(),
      causal: fc.boolean(),
    });
    await fc.assert(fc.asyncProperty(shapes, (shape) => expectAsOracle(shape)), { numRuns: 12 });
  });

  it("drops the weights that the dropout kernel drops, to the bit", async () => {
    // A query of zeros weighs its keys alike, and the values tell them apart.
    for (const keys of [6, 7]) {
      const shape = { batch: 2, heads: 2, queries: 5, keys, size: keys, scale: 1, dropout: dropped, bias: keys === 7 };
      const inputs = inputsOf(shape);
      inputs.query.fill(0);
      inputs.bias?.fill(0);
      inputs.value.forEach((_, at) => inputs.value[at] = Number(at % keys === Math.floor(at / (2 * keys)) % keys));
      const weights = (await run(shape, inputs)).context;
      const length = 2 * 2 * 5 * keys;
      const plan = dropout.plan({ length, ...dropped }, gpu.device.limits);
      const ones = new Float32Array(length).fill(1);
      const factors = new Float32Array((await runOnArrays(gpu, plan, { values: ones }))[0]!);
      // The context has heads within queries, dropout's elements have queries within heads.
      const wanted = Array.from(weights, (_, at) => {
        const [j, h, i, b] = [
          at % keys,
          Math.floor(at / keys) % 2,
          Math.floor(at / keys / 2) % 5,
          Math.floor(at / keys / 10),
        ];
        return factors[((b * 2 + h) * 5 + i) * keys + j] === 0;
      });
      expect(Array.from(weights, (weight) => weight === 0)).toEqual(wanted);
    }
  });

  it("gives a masked key nothing, and a query whose keys are all masked the mean of the values", async () => {
    const shape = { batch: 2, heads: 1, queries: 3, keys: 20, size: 4, scale: 1, mask: true };
    const inputs = { ...inputsOf(shape), mask: new Float32Array(40).fill(1, 0, 10) };
    // What no weight reaches does not matter.
    inputs.value.fill(1e30, 40, 80);
    const { context, states } = await run(shape, inputs);
    expectClose(context.subarray(0, 12), attentionReference(inputs, shape).slice(0, 12), 1e-5);
    const means = [0, 1, 2, 3].map((x) =>
      Array.from({ length: 20 }, (_, j) => inputs.value[80 + j * 4 + x]! / 20).reduce((sum, each) => sum + each, 0)
    );
    expectClose(context.subarray(12), [...means, ...means, ...means], 1e-6);
    expectClose(states.subarray(6).filter((_, at) => at % 2 === 1), [0.05, 0.05, 0.05], 1e-8);
    // The same where later keys are hidden, and tiles of them left out for other queries.
    const hidden = { batch: 1, heads: 2, queries: 40, keys: 40, size: 4, scale: 1, mask: true, causal: true };
    await expectAsOracle(hidden, { ...inputsOf(hidden), mask: new Float32Array(40).fill(1, 10) });
    // The first of three queries that may look at no key, since each later one may look at one key more.
    const early = { batch: 1, heads: 1, queries: 3, keys: 2, size: 4, scale: 1, causal: true };
    const own = inputsOf(early);
    const first = (await run(early, own)).context.subarray(0, 4);
    expectClose(first, [0, 1, 2, 3].map((x) => (own.value[x]! + own.value[4 + x]!) / 2), 1e-6);
  });

  it("takes scores of any size", async () => {
    const shape = { ...plain, scale: 1, keys: 40 };
    const inputs = inputsOf(shape);
    inputs.query.forEach((_, at) => inputs.query[at]! *= 1000);
    const { context } = await run(shape, inputs);
    expect(context.every(Number.isFinite)).toBe(true);
    expect((await runGradient(shape, inputs)).query.every(Number.isFinite)).toBe(true);
  });

  it.each([NaN, Infinity])("makes the context of a query whose scores hold %f NaN, and no other", async (poison) => {
    const shape = { ...plain, keys: 20 };
    const inputs = inputsOf(shape);
    // Of the first row of the batch, the third query, the second head. Infinity times a key of zero would be NaN as well.
    inputs.query[(2 * 2 + 1) * 8] = poison;
    inputs.key.forEach((_, at) => inputs.key[at] = Math.abs(inputs.key[at]!) + 1);
    const { context } = await run(shape, inputs);
    const rows = rowsOf(context, 8).map((row) => row.filter(Number.isNaN).length);
    expect(rows).toEqual(rows.map((_, at) => at === 5 ? 8 : 0));
    const ours = await runGradient(shape, inputs);
    expect(rowsOf(ours.query, 8).flatMap((row, at) => row.some(Number.isNaN) ? [at] : [])).toEqual([5]);
    expect(ours.value.some(Number.isNaN)).toBe(true);
  });

  it("gives the same bytes when run again", async () => {
    const shape = { ...plain, batch: 3, queries: 20, keys: 21, mask: true, bias: true, dropout: dropped };
    const inputs = inputsOf(shape);
    expect(await run(shape, inputs)).toEqual(await run(shape, inputs));
    expect(await runGradient(shape, inputs)).toEqual(await runGradient(shape, inputs));
  });
});

describe("attention in tiles of a small binding limit", () => {
  it("is the same to the bit where the batch is cut, filled up or not", async () => {
    for (const size of [8, 6]) {
      const shape = { batch: 9, heads: 2, queries: 16, keys: 24, size, scale: 0.3, mask: true, dropout: dropped };
      const inputs = inputsOf(shape);
      const limits = binding(6144);
      const cuts = attention.plan(shape, limits).dispatches.filter(({ shader }) =>
        shader.label === "attention_forward"
      );
      expect(cuts.length).toBeGreaterThan(2);
      expect(await run(shape, inputs, limits)).toEqual(await run(shape, inputs));
      const [tiled, whole] = [await runGradient(shape, inputs, limits), await runGradient(shape, inputs)];
      expect(tiled).toEqual(whole);
    }
  });

  it("is the same where the queries of one head are cut", async () => {
    const shape = { batch: 5, heads: 1, queries: 22, keys: 23, size: 8, scale: 0.3, bias: true, dropout: dropped };
    const inputs = inputsOf(shape);
    const limits = binding(4096);
    const products = attentionGradient.plan(shape, limits).dispatches.filter(({ constants }) =>
      constants?.ACCUMULATE === 1
    );
    // One for the keys and one for the values of each of five heads: 22 queries are 16 and 6.
    expect(products.length).toBe(10);
    const [tiled, whole] = [await runGradient(shape, inputs, limits), await runGradient(shape, inputs)];
    expect(tiled.query).toEqual(whole.query);
    for (const name of ["key", "value", "bias"] as const) expectClose(tiled[name], whole[name], 2e-6, name);
  });
});

describe("attention refuses", () => {
  it.each(
    [
      [{ queries: 0 }, "attention: queries is 0; it must be an integer of at least 1"],
      [{ size: 7.2 }, "attention: size is 7.2; it must be an integer of at least 1"],
      [{ scale: NaN }, "attention: scale is NaN; it must be finite"],
      [{ dropout: { probability: 1, key } }, "attention: probability is 1; it must be at least 0 and below 1"],
      [
        { batch: 9, heads: 8, queries: 8192, keys: 8192, dropout: dropped },
        "attention: dropout of 4831838208 weights; its counters tell at most 4294967296 apart",
      ],
      [{ queries: 100, keys: 12 }, "attention: a row takes 6400 bytes; this device binds at most 4096 at once"],
      [{ batch: 40, queries: 20 }, "attention: states takes 12800 bytes; this device binds at most 4096 at once"],
      [
        { queries: 30, keys: 20, bias: true },
        "attention: bias takes 4800 bytes; this device binds at most 4096 at once",
      ],
    ] as const,
  )("%j", (others, message) => {
    expect(() => attention.plan({ ...plain, ...others }, binding(4096))).toThrow(message);
  });

  it("keys of which eight rows of pairs are over the limit", () => {
    const shape = { batch: 1, heads: 1, queries: 1, keys: 250, size: 4, scale: 1 };
    expect(() => attentionGradient.plan(shape, binding(4096))).toThrow(
      "attention_gradient: 8 queries take 16384 bytes of scratch; this device binds at most 4096",
    );
  });
});
