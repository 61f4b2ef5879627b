import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { columnSums } from "../../kernels/column_sums/column_sums.ts";
import { columnSumsReference } from "../../kernels/column_sums/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

async function sumsOf(values: Float32Array, columns: number, limits: KernelLimits = gpu.device.limits) {
  const plan = columnSums.plan({ rows: values.length / columns, columns }, limits);
  return new Float32Array((await runOnArrays(gpu, plan, { values }))[0]!);
}

/** The rounding error of float32 sums is bounded by the sum of magnitudes. */
function expectSums(sums: Float32Array, values: Float32Array, columns: number) {
  const magnitudes = columnSumsReference(values.map(Math.abs), columns);
  expectClose(sums, columnSumsReference(values, columns), (column) => 1e-6 * magnitudes[column]!, "sum");
}

describe("column sums", () => {
  it.each([[1, 1], [1, 36], [32, 12], [33, 5], [70, 12], [129, 4], [512, 36], [1030, 3], [40_001, 2], [70_000, 1]])(
    "agree with the oracle at [%i, %i]",
    async (rows, columns) => {
      const values = normalRows(rows, columns, 1);
      expectSums(await sumsOf(values, columns), values, columns);
    },
  );

  it("agree with the oracle at any shape", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 20 }), async (rows, columns) => {
        const values = normalRows(rows, columns, 1);
        expectSums(await sumsOf(values, columns), values, columns);
      }),
      { numRuns: 15 },
    );
  });

  it("add every row once", async () => {
    for (const rows of [31, 32, 33, 127, 128, 129, 1024, 4097]) {
      expect([...await sumsOf(new Float32Array(rows * 6).fill(1), 6)]).toEqual(new Array(6).fill(rows));
    }
  });

  it("take no error from the number of rows: a sum of a tenth", async () => {
    const [sum] = await sumsOf(new Float32Array(100_000).fill(0.1), 1);
    // One chain of additions would be off by about 1e-4.
    expect(Math.abs(sum! / 1e5 / Math.fround(0.1) - 1)).toBeLessThan(1e-6);
  });

  it.each([[400, 16], [1000, 5], [777, 2]])("are right over tiles of rows: [%i, %i]", async (rows, columns) => {
    const limits = limitsWith({ maxStorageBufferBindingSize: 64 * columns * 4 });
    const values = normalRows(rows, columns, 1);
    const plan = columnSums.plan({ rows, columns }, limits);
    const reading = plan.dispatches.filter(({ bindings: [first] }) => "buffer" in first! && first.buffer === "values");
    expect(reading.length).toBe(Math.ceil(rows / 64));
    expectSums(await sumsOf(values, columns, limits), values, columns);
  });

  it("spread workgroups over two dimensions", async () => {
    const values = normalRows(2, 1000, 1);
    const limits = limitsWith({ maxComputeWorkgroupsPerDimension: 3 });
    expect(await sumsOf(values, 1000, limits)).toEqual(await sumsOf(values, 1000));
  });

  it("are the same to the bit each time", async () => {
    const values = normalRows(2000, 7, 100);
    const first = await sumsOf(values, 7);
    for (let again = 0; again < 3; again++) expect(await sumsOf(values, 7)).toEqual(first);
  });

  it("show a NaN and an infinity in their own column", async () => {
    const values = normalRows(100, 4, 1);
    values[4 * 50 + 1] = NaN;
    values[4 * 70 + 2] = Infinity;
    const sums = await sumsOf(values, 4);
    expect(Array.from(sums, Number.isFinite)).toEqual([true, false, false, true]);
  });

  it("refuse what they cannot do", () => {
    expect(() => columnSums.plan({ rows: 0, columns: 3 }, gpu.device.limits)).toThrow(
      "column_sums: rows is 0; it must be an integer of at least 1",
    );
    expect(() => columnSums.plan({ rows: 3, columns: 0 }, gpu.device.limits)).toThrow(
      "column_sums: columns is 0; it must be an integer of at least 1",
    );
    expect(() => columnSums.plan({ rows: 3, columns: 2 }, limitsWith({ maxStorageBufferBindingSize: 16 }))).toThrow(
      "column_sums: 32 rows take 256 bytes; this device binds at most 16 at once",
    );
    expect(() => columnSums.plan({ rows: 3000, columns: 64 }, limitsWith({ maxStorageBufferBindingSize: 1024 })))
      .toThrow("column_sums: parts takes 192000 bytes; this device binds at most 1024 at once");
  });
});

/** The limits of a stranger's device, and small ones besides. */
function limitsWith(smaller: Partial<KernelLimits>): KernelLimits {
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension } = gpu.device.limits;
  return {
    maxStorageBufferBindingSize,
    maxBufferSize,
    maxComputeWorkgroupsPerDimension,
    minStorageBufferOffsetAlignment: 256,
    ...smaller,
  };
}
