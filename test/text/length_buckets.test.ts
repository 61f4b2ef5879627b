import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random, shuffled } from "../../src/random.ts";
import { evaluationBatches, trainingBatches } from "../../src/text/length_buckets.ts";

interface Item {
  readonly id: string;
  readonly length: number;
}

const lengthOf = ({ length }: Item) => length;
const items = fc.array(fc.nat({ max: 40 }), { maxLength: 60 })
  .map((lengths) => lengths.map((length, index): Item => ({ id: `e${index}`, length })));
const size = fc.integer({ min: 1, max: 9 });

function padding(batches: readonly (readonly Item[])[]): number {
  return batches.reduce((sum, batch) => {
    const longest = Math.max(...batch.map(lengthOf));
    return sum + batch.reduce((lost, { length }) => lost + longest - length, 0);
  }, 0);
}

describe("training batches", () => {
  it("hold every item once, in full batches but for the last window", () => {
    fc.assert(fc.property(items, size, size, (all, batchSize, window) => {
      const batches = trainingBatches(all, lengthOf, batchSize, window);
      expect(batches.flat().map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
      expect(batches.length).toBe(Math.ceil(all.length / batchSize));
      expect(batches.filter((batch) => batch.length !== batchSize).length).toBeLessThanOrEqual(1);
    }));
  });

  it("keep to their window of the order given, and follow from it alone", () => {
    fc.assert(fc.property(items, size, size, (all, batchSize, window) => {
      const batches = trainingBatches(all, lengthOf, batchSize, window);
      for (const [index, batch] of batches.entries()) {
        const part = all.slice(
          Math.floor(index / window) * window * batchSize,
          (Math.floor(index / window) + 1) * window * batchSize,
        );
        for (const item of batch) expect(part).toContain(item);
      }
      expect(trainingBatches([...all], lengthOf, batchSize, window)).toEqual(batches);
    }));
  });

  it("pad far less than batches in random order", () => {
    const from = random("lengths");
    const all = shuffled(
      Array.from({ length: 640 }, (_, index): Item => ({ id: `${index}`, length: 1 + from.below(100) })),
      from,
    );
    const plain = trainingBatches(all, () => 0, 16);
    expect(padding(trainingBatches(all, lengthOf, 16))).toBeLessThan(padding(plain) / 4);
  });

  it("do not go from short to long within a window", () => {
    const from = random("order");
    const all = shuffled(Array.from({ length: 128 }, (_, index): Item => ({ id: `${index}`, length: index })), from);
    const longest = trainingBatches(all, lengthOf, 16).map((batch) => Math.max(...batch.map(lengthOf)));
    expect(longest).not.toEqual([...longest].sort((a, b) => a - b));
  });
});

describe("evaluation batches", () => {
  it("are by length, then by id, in whatever order the items come", () => {
    fc.assert(fc.property(items, size, (all, batchSize) => {
      const batches = evaluationBatches(all, lengthOf, batchSize);
      expect(evaluationBatches(shuffled(all, random("any")), lengthOf, batchSize)).toEqual(batches);
      const lengths = batches.flat().map(lengthOf);
      expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
      expect(batches.flat().length).toBe(all.length);
    }));
  });

  it("need a size", () => {
    expect(() => evaluationBatches([], lengthOf, 0)).toThrow(RangeError);
    expect(() => trainingBatches([], lengthOf, 2.5)).toThrow(RangeError);
  });
});
