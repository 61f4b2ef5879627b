import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reuGroups } from "../../src/evaluation/reu_groups.ts";
import { reuTableText } from "../../src/report/reu_table_text.ts";
import { textTable, wrapped } from "../../src/report/text_table.ts";
import { distilledOf, mismatchedOf, randomOf, selfOf } from "../evaluation/curve_of.ts";

const groups = reuGroups(["0", "1", "2"].flatMap((seed, shift) => [
  randomOf(seed, 0.5, 0.6 + shift / 100, 0.7),
  selfOf(seed, 0.5, 0.7 + shift / 50, 0.8),
  distilledOf(seed, 0.5, 0.68 + shift / 70, 0.79),
  mismatchedOf(seed, 0.5, 0.6, 0.68),
]));

describe("the REU table for a terminal", () => {
  it.each([200, 100, 80, 60, 40])("keeps within %d columns", (columns) => {
    for (const line of reuTableText(groups, columns).split("\n")) {
      expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  });

  it("never gives REU alone: areas, differences, intervals, relation and verdict stand with it", () => {
    const text = reuTableText(groups, 100);
    for (const part of ["AULC random", "AULC self", "AULC ASM", "self - random", "ASM - random", "ASM - self"]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/S +distilled +-0\.\d{3} \[[-+]0\.\d{3}, [-+]0\.\d{3}\] +reusable/);
    expect(text).toMatch(/M +mismatched +-1\.\d{3} \[-1\.\d{3}, -1\.\d{3}\] +worse than random/);
    expect(text).toContain("95 % intervals: 10000 bootstrap resamples, paired by seed");
    expect(text).toMatch(/H1 says[^]*H2 says[^]*one group/);
  });

  it("says how many resamples have no REU", () => {
    const shaky = reuGroups([
      ...[randomOf("0", 1), selfOf("0", 0.9), distilledOf("0", 1)],
      ...[randomOf("1", 1), selfOf("1", 2), distilledOf("1", 1.5)],
    ]);
    const text = reuTableText(shaky, 100);
    expect(text).toMatch(/S: self did not beat random in 2\d{3} of 10000 resamples/);
    expect(text).toContain("undefined: self-selection may not beat random");
  });

  it("shows self-selection against random before another model has run", () => {
    const text = reuTableText(reuGroups([randomOf("0", 1), selfOf("0", 2)]), 100);
    expect(text).toContain("AULC random 1.0000, self 2.0000; self - random +1.0000; seed 0");
    expect(text).toContain("no curve of another acquisition model");
  });
});

describe("text", () => {
  it("is broken between words only, and loses none", () => {
    fc.assert(fc.property(fc.lorem({ maxCount: 40 }), fc.integer({ min: 20, max: 90 }), (text, columns) => {
      const lines = wrapped(text, columns);
      expect(lines.join(" ").split(/\s+/)).toEqual(text.split(/\s+/));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    }));
  });

  it("in tables is aligned, numbers to the right", () => {
    expect(textTable(["name", "n"], [["a", "1"], ["bcdef", "100"]], ["left", "right"], 80)).toEqual([
      "name     n",
      "-----  ---",
      "a        1",
      "bcdef  100",
    ]);
  });

  it("in tables that are too wide becomes a block for each row", () => {
    expect(textTable(["name", "n", "m"], [["abcdef", "1", "2"]], ["left", "right", "left"], 10)).toEqual([
      "abcdef",
      "  n     1",
      "  m     2",
    ]);
  });
});
