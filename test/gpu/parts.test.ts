import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAN_IN, mergePasses, partsOf } from "../../src/gpu/parts.ts";

const sizes = fc.record({ rows: fc.integer({ min: 1, max: 2 ** 24 }), columns: fc.integer({ min: 1, max: 2 ** 20 }) });

describe("the parts of a row", () => {
  it.each([
    ["short rows are whole", 5, 64, 1],
    ["no part is shorter than 64 columns", 1, 127, 1],
    ["a part more where 64 more columns come", 1, 128, 2],
    ["one row of a vocabulary", 1, 30523, 476],
    ["as many as fill a large GPU, and no more", 1000, 250_000, 66],
    ["many rows fill it as they are", 65536, 250_000, 1],
    ["and more do, too", 1_000_000, 250_000, 1],
  ])("%s", (_what, rows, columns, parts) => expect(partsOf(rows, columns)).toBe(parts));

  it("are at least one, never shorter than 64 columns where there are several, and rise with the columns alone", () => {
    fc.assert(fc.property(sizes, ({ rows, columns }) => {
      const parts = partsOf(rows, columns);
      expect(parts).toBeGreaterThanOrEqual(1);
      if (parts > 1) expect(columns / parts).toBeGreaterThanOrEqual(64);
      expect(partsOf(rows, columns + 1)).toBeGreaterThanOrEqual(parts);
      expect(partsOf(rows + 1, columns)).toBeLessThanOrEqual(parts);
      // Without the last part of each row, the threads would not fill the GPU.
      if (parts > 1) expect((parts - 1) * rows).toBeLessThan(65536);
    }));
  });
});

describe("the passes that merge parts", () => {
  it.each([
    [1, [[1, 1, 0]]],
    [2, [[2, 1, 0]]],
    [32, [[32, 1, 0]]],
    [33, [[33, 2, 0], [2, 1, 1]]],
    [1024, [[1024, 32, 0], [32, 1, 1]]],
    [1025, [[1025, 33, 0], [33, 2, 1], [2, 1, 0]]],
  ])("of %i", (parts, wanted) => {
    expect(mergePasses(parts).map(({ states, results, from }) => [states, results, from])).toEqual(wanted);
  });

  it("lead from all parts to one state, each pass reading what the one before wrote, none too much for a thread", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), (parts) => {
      const passes = mergePasses(parts);
      expect(passes[0]).toMatchObject({ states: parts, from: 0 });
      expect(passes.at(-1)!.results).toBe(1);
      passes.forEach(({ states, results, from }, index) => {
        expect(results * FAN_IN).toBeGreaterThanOrEqual(states);
        expect((results - 1) * FAN_IN).toBeLessThan(states);
        const next = passes[index + 1];
        if (next) expect(next).toMatchObject({ states: results, from: 1 - from });
      });
    }));
  });
});
