import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aulc } from "../../src/evaluation/aulc.ts";
import { difference, reu } from "../../src/evaluation/reu.ts";

describe("AULC", () => {
  it("sums over rounds the mean over seeds", () => {
    expect(aulc([[0.25, 0.5, 1], [0.75, 0.5, 0]])).toBe(0.5 + 0.5 + 0.5);
  });

  it("is the mean of the areas of single seeds", () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    const seeds = fc.integer({ min: 1, max: 20 }).chain((rounds) =>
      fc.array(fc.array(score, { minLength: rounds, maxLength: rounds }), { minLength: 1, maxLength: 8 })
    );
    fc.assert(fc.property(seeds, (seeds) => {
      const each = seeds.map((scores) => aulc([scores]));
      expect(aulc(seeds)).toBeCloseTo(each.reduce((sum, area) => sum + area, 0) / seeds.length, 12);
    }));
  });

  it.each([[[]], [[[]]], [[[1, 2], [1]]]])("refuses %j", (seeds) => expect(() => aulc(seeds)).toThrow(RangeError));
});

describe("REU", () => {
  it.each([
    [{ random: 10, self: 12, asm: 13 }, 0.5],
    [{ random: 10, self: 12, asm: 12 }, 0],
    [{ random: 10, self: 12, asm: 11 }, -0.5],
    [{ random: 10, self: 12, asm: 10 }, -1],
    [{ random: 10, self: 12, asm: 8 }, -2],
    // The formula's number even where it has no meaning: self-selection is worse than random.
    [{ random: 12, self: 10, asm: 11 }, -0.5],
    [{ random: 12, self: 10, asm: 8 }, 1],
    [{ random: 12, self: 12, asm: 11 }, null],
  ])("of %j is %d", (areas, expected) => expect(reu(areas)).toBe(expected));

  it("is exactly 0 and -1 where areas differ only by the rounding of their sums", () => {
    const self = 0.1 + 0.2 + 0.3;
    const asm = 0.3 + 0.2 + 0.1;
    expect(self).not.toBe(asm);
    expect(reu({ random: 0.1, self, asm })).toBe(0);
    expect(reu({ random: self, self: 5, asm })).toBe(-1);
    expect(reu({ random: self, self: asm, asm: 5 })).toBe(null);
    expect(difference(self, asm)).toBe(0);
  });

  it("does not change when the metric is shifted or scaled", () => {
    const area = fc.double({ min: 1, max: 16, noNaN: true });
    fc.assert(fc.property(area, area, area, (random, self, asm) => {
      fc.pre(Math.abs(self - random) > 0.01);
      const scaled = reu({ random: 100 * random + 7, self: 100 * self + 7, asm: 100 * asm + 7 })!;
      expect(scaled).toBeCloseTo(reu({ random, self, asm })!, 6);
    }));
  });
});
