import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { topKReference } from "../../kernels/top_k/reference.ts";
import { requireRanked, topK, type TopKShape } from "../../kernels/top_k/top_k.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

const shaped = (rows: number, columns: number, k: number): TopKShape => ({ rows, columns, k });

async function topOf(values: Float32Array, shape: TopKShape, limits: KernelLimits = gpu.device.limits) {
  const [best, indices] = await runOnArrays(gpu, topK.plan(shape, limits), { values });
  return { best: new Float32Array(best!), indices: new Uint32Array(indices!) };
}

/** The same to the bit, but for the sign of zeros. */
async function expectOracle(values: Float32Array, shape: TopKShape, limits?: KernelLimits) {
  const { best, indices } = await topOf(values, shape, limits);
  const wanted = rowsOf(values, shape.columns).map((row) => topKReference(row, shape.k));
  expect(Array.from(indices)).toEqual(wanted.flatMap((row) => row.indices));
  expect(Array.from(best, (value) => value + 0)).toEqual(wanted.flatMap((row) => row.values.map((value) => value + 0)));
}

/** Few distinct values, so that most of them tie; zeros of both signs among them. */
function ties(rows: number, columns: number): Float32Array {
  return normalRows(rows, columns, 1).map((x) => x === 0 ? 0 : Math.round(x) / 4);
}

describe("the k best of each row", () => {
  it.each([
    [1, 1, 1],
    [3, 1, 1],
    [3, 32, 5],
    [70, 33, 33],
    [5, 100, 3],
    [2, 1023, 128],
    [3, 1025, 1],
    [3, 777, 777],
    [2, 1100, 1024],
    [1, 40000, 50],
    [2, 33000, 7],
    [1, 5000, 5000],
    [3, 2300, 1025],
    [1, 20000, 1100],
    [2, 9000, 2049],
  ])("agree with the oracle at [%i, %i], k = %i", async (rows, columns, k) => {
    await expectOracle(normalRows(rows, columns), shaped(rows, columns, k));
    await expectOracle(ties(rows, columns), shaped(rows, columns, k));
  });

  it.each([[3, 500, 20], [2, 70000, 1030], [2, 1300, 1290]])(
    "are the first k where all values of [%i, %i] are equal",
    async (rows, columns, k) => {
      for (const value of [0, -2.5, 3e38, Math.fround(-3.4028235e38)]) {
        const { best, indices } = await topOf(new Float32Array(rows * columns).fill(value), shaped(rows, columns, k));
        expect(best.every((each) => each === Math.fround(value))).toBe(true);
        expect(indices.every((each, index) => each === index % k)).toBe(true);
      }
    },
  );

  it("agree on any shape and values", async () => {
    const value = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, -0, 1, -1, 1e-40, -1e-40, Math.fround(3.4028235e38), Math.fround(-3.4028235e38)),
    );
    const cases = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 700 }))
      .chain(([rows, columns]) =>
        fc.record({
          shape: fc.integer({ min: 1, max: columns }).map((k) => shaped(rows, columns, k)),
          values: fc.array(value, { minLength: rows * columns, maxLength: rows * columns }),
        })
      );
    await fc.assert(
      fc.asyncProperty(cases, ({ shape, values }) => expectOracle(Float32Array.from(values), shape)),
      { numRuns: 30, seed: 5 },
    );
  });

  it("agree on any k over a thousand, and on values that tie", async () => {
    const cases = fc.integer({ min: 1025, max: 6000 }).chain((columns) =>
      fc.record({ columns: fc.constant(columns), k: fc.integer({ min: 1025, max: columns }), key: fc.nat() })
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ columns, k, key }) => {
        const values = normalRows(1, columns, 2, key).map((x) => Math.round(x * 4));
        await expectOracle(values, shaped(1, columns, k));
      }),
      { numRuns: 8, seed: 6 },
    );
  });

  it("take winners that lie together, at either end, and in ascending or descending order", async () => {
    const columns = 5000;
    for (const k of [100, 1200]) {
      const rising = Float32Array.from({ length: columns }, (_, index) => index / 8);
      const falling = rising.map((x) => -x);
      const block = normalRows(1, columns).fill(50, 2000, 2000 + k);
      for (const values of [rising, falling, block]) await expectOracle(values, shaped(1, columns, k));
    }
  });

  it("hold zeros of both signs for equal", async () => {
    for (const k of [3, 1100]) {
      const values = new Float32Array(6000).fill(-1);
      values[500] = 0;
      values[7] = -0;
      values[300] = 0;
      const { best, indices } = await topOf(values, shaped(1, 6000, k));
      expect([...indices.slice(0, 3)]).toEqual([7, 300, 500]);
      expect([...best.slice(0, 3)]).toEqual([0, 0, 0]);
    }
  });

  it.each([NaN, Infinity, -Infinity])("name the row, and where in it, that holds %f", async (poison) => {
    for (const [columns, k] of [[20, 1], [1000, 10], [5000, 1100], [1300, 1290]] as const) {
      const values = normalRows(4, columns);
      for (const column of [columns - 1, columns - 3]) values[2 * columns + column] = poison;
      const { indices } = await topOf(values, shaped(4, columns, k));
      const place = `value ${columns - 3} of`;
      expect(() => requireRanked(indices, k)).toThrow(`top_k: ${place} row 2 is NaN or infinite`);
      expect(() => requireRanked(new Int32Array(indices.buffer), k, (row) => `pool ${row}`)).toThrow(
        `top_k: ${place} pool 2 is NaN or infinite`,
      );
      expect(() => requireRanked(indices.slice(0, 2 * k), k)).not.toThrow();
      expect(() => requireRanked(indices.slice(3 * k), k)).not.toThrow();
    }
  });

  it.each([[300, 101, 5], [30, 1001, 9], [40, 4101, 1030], [40, 1301, 1300]])(
    "tile rows of [%i, %i], k = %i, to a small binding limit without a seam",
    async (rows, columns, k) => {
      const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: Math.max(rows * k * 4, columns * 4 * 11) };
      const plan = topK.plan({ rows, columns, k }, limits);
      const tiles = new Set(plan.dispatches.flatMap(({ bindings }) => bindings.map(({ offset }) => offset)));
      tiles.delete(undefined);
      expect(tiles.size).toBeGreaterThan(2);
      for (const { size } of [...plan.dispatches.flatMap(({ bindings }) => bindings)]) {
        expect(size ?? 0).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
      }
      for (const { bytes } of plan.scratch) expect(bytes).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
      await expectOracle(ties(rows, columns), shaped(rows, columns, k), limits);
    },
  );

  it("are the same to the bit each time", async () => {
    for (const k of [40, 1030, 4900]) {
      const values = ties(3, 5000);
      const once = await topOf(values, shaped(3, 5000, k));
      expect(await topOf(values, shaped(3, 5000, k))).toEqual(once);
    }
  });

  it.each([
    [shaped(0, 3, 1), "rows is 0; it must be an integer of at least 1"],
    [shaped(2, -3, 1), "columns is -3; it must be an integer of at least 1"],
    [shaped(2, 3, 0), "k is 0; it must be an integer of at least 1"],
    [shaped(2, 3, 1.5), "k is 1.5; it must be an integer of at least 1"],
    [shaped(2, 3, 4), "k is 4; a row has only 3 columns"],
  ])("refuse %j", (shape, message) => {
    expect(() => topK.plan(shape, gpu.device.limits)).toThrow(new KernelError("top_k", message));
  });

  it("refuse a row, and outputs, that no binding holds", () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 4096, minStorageBufferOffsetAlignment: 256 };
    expect(() => topK.plan(shaped(2, 1000, 3), limits)).toThrow(
      "top_k: a row takes 4256 bytes; this device binds at most 4096 at once",
    );
    expect(() => topK.plan(shaped(1, 1024, 1024), limits)).not.toThrow();
    const wider = { ...limits, maxStorageBufferBindingSize: 8192 };
    expect(() => topK.plan(shaped(1, 1100, 1030), wider)).toThrow(
      "top_k: a row takes 16384 bytes; this device binds at most 8192 at once",
    );
    expect(() => topK.plan(shaped(205, 5, 5), limits)).toThrow(
      "top_k: best takes 4100 bytes; this device binds at most 4096 at once",
    );
  });
});

function limitsOf({ device: { limits } }: Gpu): KernelLimits {
  return {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    minStorageBufferOffsetAlignment: limits.minStorageBufferOffsetAlignment,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
  };
}
