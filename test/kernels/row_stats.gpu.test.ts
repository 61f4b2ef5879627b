import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type RowStats, rowStatsReference } from "../../kernels/row_stats/reference.ts";
import { requireFinite, rowStats, type RowStatsShape } from "../../kernels/row_stats/row_stats.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import golden from "../fixtures/golden/uncertainty.json" with { type: "json" };
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

async function statsOf(logits: Float32Array, shape: RowStatsShape, limits: KernelLimits = gpu.device.limits) {
  const [stats] = await runOnArrays(gpu, rowStats.plan(shape, limits), { logits });
  return new Float32Array(stats!);
}

/** The lowest float32: below the -3.402823e38 that WGSL texts usually hold. */
const FLOOR = -3.4028234663852886e38;

const flat = (stats: RowStats) => [stats.leastConfidence, stats.margin, stats.entropy, stats.maxLogProbability];

/** Absolute to float64: 2e-6 to 64 columns, 1e-5 above, times |log-sum-exp| where that is large. */
function tolerances(logits: Float32Array, columns: number) {
  const rows = rowsOf(logits, columns).map((row) => {
    const max = row.reduce((a, b) => Math.max(a, b));
    return Math.abs(max + Math.log(row.reduce((sum, x) => sum + Math.exp(x - max), 0)));
  });
  return (index: number) => (columns <= 64 ? 2e-6 : 1e-5) * Math.max(1, Math.min(rows[Math.floor(index / 4)]!, 1e3));
}

async function expectOracle(logits: Float32Array, columns: number, limits?: KernelLimits) {
  const stats = await statsOf(logits, { rows: logits.length / columns, columns }, limits);
  const wanted = rowsOf(logits, columns).flatMap((row) => flat(rowStatsReference(row)));
  expectClose(stats, wanted, tolerances(logits, columns), "score");
}

describe("row statistics", () => {
  it.each([
    ...[[1, 1], [1, 2], [7, 1], [1000, 6], [129, 63], [130, 64], [67, 65], [33, 100]],
    ...[[5, 1000], [3, 4097], [1, 30523], [2, 250002]],
  ] as [number, number][])(
    "agree with the float64 oracle at [%i, %i]",
    (rows, columns) => expectOracle(normalRows(rows, columns), columns),
  );

  it.each([[9, 30], [3, 300], [2, 5000]])("agree at wide and at tiny spreads of [%i, %i]", async (rows, columns) => {
    await expectOracle(normalRows(rows, columns, 25), columns);
    await expectOracle(normalRows(rows, columns, 1e-3), columns);
  });

  it("agree on any shape and on values that a model may give", async () => {
    const logit = fc.oneof(
      fc.float({ min: -20, max: 20, noNaN: true }),
      fc.constantFrom(0, 80, -80, -1e9, Math.fround(-3.4e38), Math.fround(-3.4028235e38)),
    );
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 90 }))
      .chain(([rows, columns]) =>
        fc.tuple(fc.constant(columns), fc.array(logit, { minLength: rows * columns, maxLength: rows * columns }))
      );
    await fc.assert(
      fc.asyncProperty(matrix, ([columns, values]) => expectOracle(Float32Array.from(values), columns)),
      { numRuns: 60, seed: 7 },
    );
  });

  it("give entropy log C, for equal logits, whatever they are", async () => {
    for (const [columns, value] of [[5, 0], [5, 80], [200, -3.4e38], [7, FLOOR], [70, FLOOR], [5000, FLOOR]] as const) {
      const stats = await statsOf(new Float32Array(columns).fill(value), { rows: 1, columns });
      expectClose(stats, [1 - 1 / columns, 0, Math.log(columns), -Math.log(columns)], 2e-6);
    }
  });

  it("never prefer a masked column", async () => {
    for (const mask of [-1e9, -3.4e38]) {
      const logits = Float32Array.from([1, mask, 2, mask, 0.5]);
      const stats = await statsOf(logits, { rows: 1, columns: 5 });
      expectClose(stats, flat(rowStatsReference([1, 2, 0.5])), 2e-6);
    }
  });

  it("tell nearly sure rows apart, where 1 - p would round to nothing", async () => {
    const stats = await statsOf(Float32Array.from([20, 0, 22, 0]), { rows: 2, columns: 2 });
    expect(stats[0]! / Math.exp(-20)).toBeCloseTo(1, 4);
    expect(stats[4]! / Math.exp(-22)).toBeCloseTo(1, 4);
  });

  it.each([70, 1000])("stay exact in nearly sure rows of %i columns", async (columns) => {
    const logits = new Float32Array(2 * columns).fill(-60);
    logits[5] = 20;
    logits[40] = 0;
    logits[columns + 69] = 22;
    logits[columns + 33] = 0;
    const stats = await statsOf(logits, { rows: 2, columns });
    expect(stats[0]! / Math.exp(-20)).toBeCloseTo(1, 4);
    expect(stats[4]! / Math.exp(-22)).toBeCloseTo(1, 4);
    expect(-stats[3]! / Math.exp(-20)).toBeCloseTo(1, 4);
  });

  it.each([NaN, Infinity, -Infinity])("name the row that holds %f", async (poison) => {
    for (const columns of [6, 100]) {
      const logits = normalRows(4, columns);
      logits[2 * columns + 3] = poison;
      const stats = await statsOf(logits, { rows: 4, columns });
      expect(() => requireFinite(stats)).toThrow("row_stats: the logits of row 2 hold a NaN or an infinity");
      expect(() => requireFinite(stats.slice(0, 8))).not.toThrow();
    }
  });

  it.each([6, 300])("tile rows of %i columns to a small binding limit without a seam", (columns) => {
    const alignment = gpu.device.limits.minStorageBufferOffsetAlignment;
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: alignment * columns * 4 };
    const plan = rowStats.plan({ rows: 1500, columns }, limits);
    expect(plan.dispatches.length).toBeGreaterThan(3);
    return expectOracle(normalRows(1500, columns), columns, limits);
  });

  it("cut few rows of huge width into many parts, and say so in the plan", () => {
    const threads = (rows: number, columns: number) =>
      rowStats.plan({ rows, columns }, gpu.device.limits).dispatches.map(({ groups }) => groups[0] * 64);
    // Parts of at least 64 columns, merged by thirty-two: 476, then 15, then 1.
    expect(threads(1, 30523)).toEqual([512, 64, 64]);
    expect(threads(900, 30523)[0]).toBeGreaterThan(65000);
    expect(threads(70000, 200)).toEqual([70016, 70016]);
  });

  it.each([
    [{ rows: 0, columns: 3 }, "row_stats: rows is 0; it must be an integer of at least 1"],
    [{ rows: 2, columns: -1 }, "row_stats: columns is -1; it must be an integer of at least 1"],
    [{ rows: 2.5, columns: 3 }, "row_stats: rows is 2.5; it must be an integer of at least 1"],
  ])("refuse %j", (shape, message) => {
    expect(() => rowStats.plan(shape, gpu.device.limits)).toThrow(new KernelError("row_stats", message.slice(11)));
  });

  it("refuse a row that no binding holds", () => {
    expect(() => rowStats.plan({ rows: 2, columns: 2 ** 31 }, gpu.device.limits)).toThrow(/binds at most \d+ at once/);
  });

  it("refuse a buffer that is too small", async () => {
    const plan = rowStats.plan({ rows: 2, columns: 4 }, gpu.device.limits);
    const larger = { ...plan, inputs: [{ name: "logits", bytes: 32 }, { name: "absent", bytes: 4 }] };
    await expect(runOnArrays(gpu, larger, { logits: new Float32Array(8), other: new Float32Array(1) })).rejects.toThrow(
      "row_stats: it has no input called other",
    );
  });
});

interface GoldenCase {
  readonly scores: { least_confidence: number[]; log_p_max: number[]; margin: number[]; entropy: number[] };
  readonly logits?: { shape: number[]; data: number[] };
}

/** The rule that stands in the fixture in place of 3 x 30,522 numbers. */
function generated(rows: number, columns: number): Float32Array {
  const logits = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    let x = row + 1;
    for (let column = 0; column < columns; column++) {
      x = Number((1664525n * BigInt(x) + 1013904223n) % 4294967296n);
      logits[row * columns + column] = (x / 4294967296 - 0.5) * [4, 16, 60][row]!;
    }
  }
  return logits;
}

describe("row statistics and the reference implementation's scores", () => {
  it.each(
    Object.entries(golden.cases as unknown as Record<string, GoldenCase>).filter(([, each]) => each.scores?.margin),
  )(
    "agree on %s",
    async (_name, { scores, logits: given }) => {
      const columns = given?.shape[1] ?? 30522;
      const logits = given ? Float32Array.from(given.data) : generated(3, 30522);
      const stats = await statsOf(logits, { rows: logits.length / columns, columns });
      const wanted = scores.margin.flatMap((margin, row) => [
        scores.least_confidence[row]!,
        margin,
        scores.entropy[row]!,
        scores.log_p_max[row]!,
      ]);
      expectClose(stats, wanted, columns <= 64 ? 2e-6 : 1e-5);
    },
  );
});

function limitsOf({ device: { limits } }: Gpu): KernelLimits {
  return {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    minStorageBufferOffsetAlignment: limits.minStorageBufferOffsetAlignment,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
  };
}
