import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { embeddingLookup, packIds } from "../../kernels/embedding_lookup/embedding_lookup.ts";
import { embeddingLookupReference } from "../../kernels/embedding_lookup/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { random } from "../../src/random.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

async function lookedUp(
  positions: number,
  columns: number,
  tableRows: readonly number[],
  limits: KernelLimits = gpu.device.limits,
) {
  const lookups = tableRows.map((rows, table) => {
    const from = random("ids", positions, rows, table);
    const ids = Int32Array.from({ length: positions }, () => from.below(rows));
    return { tableRows: rows, ids, table: normalRows(rows, columns, 1, table) };
  });
  const plan = embeddingLookup.plan({ positions, columns, tableRows }, limits);
  const tables = Object.fromEntries(lookups.map(({ table }, index) => [`table_${index}`, table]));
  const [result] = await runOnArrays(gpu, plan, { ...tables, ids: packIds(lookups) });
  return { lookups, actual: new Float32Array(result!), wanted: embeddingLookupReference(lookups, columns) };
}

const plainLimits: KernelLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  minStorageBufferOffsetAlignment: 256,
  maxComputeWorkgroupsPerDimension: 65535,
};

describe("an embedding lookup", () => {
  it.each([[1, 1, [1]], [512, 36, [300, 40, 2]], [7, 12, [5, 9]], [33, 65, [100, 33, 2]]] as const)(
    "agrees with the oracle: %i positions, %i columns, tables of %o rows",
    async (positions, columns, tableRows) => {
      const { actual, wanted } = await lookedUp(positions, columns, tableRows);
      expectClose(actual, wanted, 1e-6);
    },
  );

  it("agrees with it at random shapes", async () => {
    const size = (max: number) => fc.integer({ min: 1, max });
    await fc.assert(
      fc.asyncProperty(
        size(80),
        size(20),
        fc.array(size(30), { minLength: 1, maxLength: 3 }),
        async (positions, columns, tableRows) => {
          const { actual, wanted } = await lookedUp(positions, columns, tableRows);
          expectClose(actual, wanted, 1e-6);
        },
      ),
      { numRuns: 8 },
    );
  });

  it.each(
    [
      [60, 12, [[3, 3, 1], 4]],
      [60, 5, [4, [2, 1, 9], [1, 1]]],
      [200, 36, [[64, 64, 7], [40, 2], 3]],
    ] as const,
  )("of tables in parts has the bits of the whole ones': %i positions, %i columns, %o rows", async (...shape) => {
    const [positions, columns, tableRows] = shape;
    const parts = tableRows.map((rows) => (typeof rows === "number" ? [rows] : rows));
    const whole = parts.map((rows) => rows.reduce((sum: number, each) => sum + each, 0));
    const { lookups, ...wanted } = await lookedUp(positions, columns, whole);
    // In tiles, too.
    for (const limits of [gpu.device.limits, { ...plainLimits, maxStorageBufferBindingSize: 64 * columns * 4 }]) {
      const plan = embeddingLookup.plan({ positions, columns, tableRows }, limits);
      const inputs = lookups.flatMap(({ table }, index) =>
        parts[index]!.map((rows, part) => {
          const first = parts[index]!.slice(0, part).reduce((sum: number, each) => sum + each, 0);
          const name = part === 0 ? `table_${index}` : `table_${index}_${part}`;
          return [name, table.slice(first * columns, (first + rows) * columns)] as const;
        })
      );
      const [result] = await runOnArrays(gpu, plan, { ...Object.fromEntries(inputs), ids: packIds(lookups) });
      expect(new Float32Array(result!)).toEqual(wanted.actual);
    }
    expectClose(wanted.actual, wanted.wanted, 1e-6);
  });

  it.each([[300, 12], [300, 5]])("gives the same in tiles, without a seam: [%i, %i]", async (positions, columns) => {
    const limits = { ...plainLimits, maxStorageBufferBindingSize: 3600 };
    expect(await lookedUp(positions, columns, [20, 30, 2], limits)).toEqual(
      await lookedUp(positions, columns, [20, 30, 2]),
    );
  });

  it.each(
    [
      [{ positions: 1, columns: 4, tableRows: [] }, "0 tables were given; it takes 1 to 3"],
      [{ positions: 1, columns: 4, tableRows: [1, 1, 1, 1] }, "4 tables were given; it takes 1 to 3"],
      [
        { positions: 0, columns: 4, tableRows: [1] },
        "positions is 0; it must be an integer of at least 1",
      ],
      [
        { positions: 1, columns: 768, tableRows: [2, 50_000] },
        "table 1 takes 153600000 bytes; this device binds at most 134217728 at once",
      ],
      [
        { positions: 1, columns: 768, tableRows: [[2, 50_000]] },
        "part 1 of table 0 takes 153600000 bytes; this device binds at most 134217728 at once",
      ],
      [
        { positions: 1, columns: 768, tableRows: [3, []] },
        "the number of parts of table 1 is 0; it must be an integer of at least 1",
      ],
    ] as const,
  )("refuses %o", (shape, message) => {
    const plan = () => embeddingLookup.plan(shape, plainLimits);
    expect(plan).toThrow(KernelError);
    expect(plan).toThrow(`embedding_lookup: ${message}`);
  });

  it("refuses ids outside their table, and tables with other numbers of ids", () => {
    const good = { ids: [0, 1], tableRows: 2 };
    for (const id of [2, -1, 0.5, NaN]) {
      expect(() => packIds([good, { ids: [0, id], tableRows: 2 }])).toThrow(
        `embedding_lookup: id ${id} at position 1 is outside a table of 2 rows`,
      );
    }
    expect(() => packIds([good, { ids: [0], tableRows: 2 }])).toThrow(
      "embedding_lookup: table 1 has 1 ids; table 0 has 2",
    );
  });
});
