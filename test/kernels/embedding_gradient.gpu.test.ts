import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { embeddingGradient, groupLookups } from "../../kernels/embedding_gradient/embedding_gradient.ts";
import { embeddingGradientReference } from "../../kernels/embedding_gradient/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { random } from "../../src/random.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

async function gradientOf(ids: number[], upstream: Float32Array, tableRows: number, columns: number, ignored?: number) {
  const lookups = groupLookups(ids, tableRows, ignored);
  const plan = embeddingGradient.plan({ lookups, tableRows, columns }, gpu.device.limits);
  const [gradient] = await runOnArrays(gpu, plan, { lookups: lookups.words, upstream });
  return new Float32Array(gradient!);
}

function limitsOf({ device: { limits } }: Gpu): KernelLimits {
  const { maxStorageBufferBindingSize, maxBufferSize } = limits;
  const { minStorageBufferOffsetAlignment, maxComputeWorkgroupsPerDimension } = limits;
  return {
    maxStorageBufferBindingSize,
    maxBufferSize,
    minStorageBufferOffsetAlignment,
    maxComputeWorkgroupsPerDimension,
  };
}

const lookedUp = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 300 });

describe("the embedding gradient", () => {
  it.each([[1, 1, 1], [40, 10, 3], [512, 100, 65], [700, 3, 7], [700, 2, 36], [33, 5000, 4], [33, 5000, 5]])(
    "agrees with the oracle for %i positions, %i rows, %i columns",
    async (count, tableRows, columns) => {
      const from = random("ids", count, tableRows);
      const ids = Array.from({ length: count }, () => from.below(tableRows));
      const upstream = normalRows(count, columns, 1);
      const wanted = embeddingGradientReference(ids, upstream, tableRows, columns);
      expectClose(await gradientOf(ids, upstream, tableRows, columns), wanted, 1e-6 * Math.sqrt(count) * 4);
    },
  );

  it("gives the ignored id nothing, and rows that are not used zeros", async () => {
    const gradient = await gradientOf([0, 2, 0, 4], new Float32Array(8).fill(1), 6, 2, 0);
    expect([...gradient]).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0]);
  });

  it.each([[20, 5], [20, 4], [3000, 4]])(
    "agrees with the oracle where an id is ignored: %i rows, %i columns",
    async (tableRows, columns) => {
      const from = random("ignored", tableRows, columns);
      const ids = Array.from({ length: 150 }, () => from.below(8));
      const upstream = normalRows(ids.length, columns, 1);
      for (const ignored of [0, 3, 7]) {
        const wanted = embeddingGradientReference(ids, upstream, tableRows, columns, ignored);
        expectClose(await gradientOf(ids, upstream, tableRows, columns, ignored), wanted, 1e-5);
      }
    },
  );

  it("is zero where every id is the ignored one, in a table of any size", async () => {
    for (const tableRows of [3, 2000]) {
      for (const columns of [2, 4]) {
        const gradient = await gradientOf([1, 1], normalRows(2, columns), tableRows, columns, 1);
        expect(gradient).toEqual(new Float32Array(tableRows * columns));
      }
    }
  });

  it.each([[[1, 1, 1], 1], [[64, 64, 2], 5], [[64, 128, 64, 3], 4], [[2048, 2048, 1500], 4]])(
    "of a table in parts of %o rows has the bits of the whole one's, %i columns",
    async (tableRows, columns) => {
      const rows = tableRows.reduce((sum, each) => sum + each);
      const from = random("parts", rows, columns);
      // None in the second part, and one row that many use.
      const inSecond = (id: number) => id >= tableRows[0]! && id < tableRows[0]! + tableRows[1]!;
      const ids = Array.from({ length: 200 }, (_, index) => index % 3 === 0 ? 0 : from.below(rows))
        .filter((id) => !inSecond(id));
      const upstream = normalRows(ids.length, columns, 1);
      const lookups = groupLookups(ids, rows);
      const plan = embeddingGradient.plan({ lookups, tableRows, columns }, gpu.device.limits);
      expect(plan.outputs.map(({ name }) => name)).toEqual(
        ["gradient", "gradient_1", "gradient_2", "gradient_3"].slice(0, tableRows.length),
      );
      const parts = await runOnArrays(gpu, plan, { lookups: lookups.words, upstream });
      const joined = parts.flatMap((part) => [...new Float32Array(part)]);
      expect(Float32Array.from(joined)).toEqual(await gradientOf(ids, upstream, rows, columns));
      expectClose(joined, embeddingGradientReference(ids, upstream, rows, columns), 1e-5);
    },
  );

  it("refuses a part that no binding holds", () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 1024 };
    const plan = () =>
      embeddingGradient.plan({ lookups: groupLookups([1], 90), tableRows: [64, 26], columns: 5 }, limits);
    expect(plan).toThrow("embedding_gradient: gradient takes 1280 bytes; this device binds at most 1024 at once");
  });

  it("clears a large table only, since of a small one every row is written", () => {
    const clearedOf = (tableRows: number) => {
      const plan = embeddingGradient.plan(
        { lookups: groupLookups([1], tableRows), tableRows, columns: 2 },
        gpu.device.limits,
      );
      return plan.outputs[0]!.cleared ?? false;
    };
    expect([2, 1024, 1025].map(clearedOf)).toEqual([false, false, true]);
  });

  it("is the same to the bit each time, also for a row that every position uses", async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => index % 3 === 0 ? 1 : 0);
    const upstream = normalRows(1000, 8, 100);
    const first = await gradientOf(ids, upstream, 2, 8);
    for (let again = 0; again < 3; again++) expect(await gradientOf(ids, upstream, 2, 8)).toEqual(first);
  });

  it("covers every position exactly once, in ascending order within a row", () => {
    fc.assert(fc.property(lookedUp, fc.constantFrom(7, 3000), (ids, rows) => {
      const { positions, starts, tableRows, firstChunks, words } = groupLookups(ids, rows);
      expect([...words]).toEqual([...positions, ...starts, ...tableRows, ...firstChunks]);
      expect([...positions].sort((a, b) => a - b)).toEqual(ids.map((_, position) => position));
      tableRows.forEach((row, used) => {
        const own = [...positions.subarray(starts[firstChunks[used]!], starts[firstChunks[used + 1]!])];
        expect(own).toEqual(ids.flatMap((id, position) => id === row ? [position] : []));
      });
    }));
  });

  it("refuses an id outside the table", () => {
    expect(() => groupLookups([1, 7], 5)).toThrow(
      "embedding_gradient: id 7 at position 1 is outside a table of 5 rows",
    );
  });
});
