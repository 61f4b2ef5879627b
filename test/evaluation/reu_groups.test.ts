import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { seedList } from "../../src/evaluation/arms.ts";
import type { Curve } from "../../src/evaluation/curve.ts";
import { parseCurves } from "../../src/evaluation/curves_csv.ts";
import { reuGroups, reuRows } from "../../src/evaluation/reu_groups.ts";
import { curveOf, distilledOf, mismatchedOf, randomOf, selfOf } from "./curve_of.ts";

const fixtures = join(import.meta.dirname!, "../fixtures");
const group = (...curves: Curve[]) => {
  const groups = reuGroups(curves);
  expect(groups).toHaveLength(1);
  return groups[0]!;
};

interface Expected {
  readonly dataset: string;
  readonly successor: string;
  readonly acquisition: string;
  readonly reu_recomputed: number;
  readonly self_minus_random: number;
}

/** The thesis's distillations, by its own names. */
const DISTILLED = ["DistilBERT of BERT", "TinyBERT of BERT", "DistilGPT-2 of GPT-2", "DistilRoBERTa of RoBERTa"];

describe("REU of the thesis's curves", () => {
  const rows = reuRows(
    reuGroups(parseCurves(readFileSync(join(fixtures, "thesis_curves.csv"), "utf8"), "thesis_curves.csv")),
  );
  const expected: Expected[] = JSON.parse(readFileSync(join(fixtures, "thesis_reu_expected.json"), "utf8"));

  it("has a row for each that is expected, and no other", () => expect(rows).toHaveLength(expected.length));

  it.each(expected)("$dataset, $successor, picks of $acquisition: $reu_recomputed", (each) => {
    const row = rows.find(({ dataset, successor, acquisition }) =>
      dataset === each.dataset && successor === each.successor && acquisition === each.acquisition
    )!;
    // TREC's values are exact fractions; CoNLL's were read from a drawing.
    const tolerance = each.dataset === "trec" ? 1e-6 : 5e-4;
    expect(Math.abs(row.reu! - each.reu_recomputed)).toBeLessThan(tolerance);
    expect(Math.abs(row.self_minus_random - each.self_minus_random)).toBeLessThan(1e-5);
    expect(row.verdict === "undefined: self-selection does not beat random").toBe(each.self_minus_random <= 0);
    expect(row.relation).toBe(
      DISTILLED.includes(`${each.acquisition} of ${each.successor}`) ? "distilled" : "mismatched",
    );
    expect(row.seeds).toEqual(["mean"]);
    expect(row.reu_interval).toBe(null);
  });
});

describe("a group of runs", () => {
  const curves = [
    ...["0", "1", "2"].flatMap((seed, shift) => [
      randomOf(seed, 0.5, 0.6 + shift / 100, 0.7),
      selfOf(seed, 0.5, 0.7 + shift / 100, 0.8),
      distilledOf(seed, 0.5, 0.68 + shift / 100, 0.79),
      mismatchedOf(seed, 0.5, 0.6 + shift / 100, 0.68),
    ]),
  ];

  it("gives areas, differences and REU, worked by hand", () => {
    const [distilled, mismatched] = group(...curves).rows;
    expect(distilled!.aulc_random).toBeCloseTo(1.81, 12);
    expect(distilled!.aulc_self).toBeCloseTo(2.01, 12);
    expect(distilled!.aulc_asm).toBeCloseTo(1.98, 12);
    expect(distilled!.self_minus_random).toBeCloseTo(0.2, 12);
    expect(distilled!.asm_minus_random).toBeCloseTo(0.17, 12);
    expect(distilled!.asm_minus_self).toBeCloseTo(-0.03, 12);
    expect(distilled!.reu).toBeCloseTo(-0.15, 12);
    expect(distilled!.verdict).toBe("reusable");
    expect(mismatched!.reu).toBeCloseTo(-1.1, 12);
    expect(mismatched!.verdict).toBe("worse than random");
    expect([distilled!.points, distilled!.seeds]).toEqual([3, ["0", "1", "2"]]);
  });

  it("pairs by seed: what a seed does to all arms alike leaves no spread in their differences", () => {
    const [row] = group(...curves).rows;
    expect(row!.self_minus_random_interval![0]).toBeCloseTo(0.2, 9);
    expect(row!.self_minus_random_interval![1]).toBeCloseTo(0.2, 9);
    expect(row!.reu_interval![0]).toBeCloseTo(-0.15, 9);
    expect(row!.reu_interval![1]).toBeCloseTo(-0.15, 9);
    expect([row!.resamples, row!.resamples_undefined]).toEqual([10_000, 0]);
  });

  it("does not depend on the order of the curves", () => {
    expect(reuGroups(curves.toReversed())).toEqual(reuGroups(curves));
  });

  it("compares distilled with mismatched, without a denominator", () => {
    const [contrast] = group(...curves).contrasts;
    expect(contrast).toMatchObject({ distilled: "S", mismatched: "M", seeds: ["0", "1", "2"] });
    expect(contrast!.distilled_minus_mismatched).toBeCloseTo(0.19, 12);
  });

  it("uses only the seeds that random, self and ASM share, and says which it left out", () => {
    const { rows, notices } = group(...curves, randomOf("3", 0, 0, 0), selfOf("3", 9, 9, 9), distilledOf("5", 9, 9, 9));
    expect(rows.map((row) => row.seeds)).toEqual([["0", "1", "2"], ["0", "1", "2"]]);
    expect(rows[0]!.reu).toBeCloseTo(-0.15, 12);
    expect(notices).toContain("S: seeds 3, 5 left out: not all of random, self, S have them");
    expect(notices).toContain("M: seed 3 left out: not all of random, self, M have it");
  });

  it("leaves out a seed that is not finished, as long as another is, and says so", () => {
    const unfinished = [randomOf("3", 0.1, 0.1, 0.1), selfOf("3", 0.9, 0.9, 0.9), distilledOf("3", 0.9)];
    const { rows, notices } = group(...curves, ...unfinished);
    expect(rows.find(({ acquisition }) => acquisition === "S")).toMatchObject({ seeds: ["0", "1", "2"], points: 3 });
    expect(rows[0]!.reu).toBeCloseTo(-0.15, 12);
    expect(notices).toContain("S: seed 3 left out: S did not finish it");
  });

  it("cuts to the points that all have where no seed is finished, and says so", () => {
    const { rows, notices } = group(randomOf("0", 1, 2, 3), selfOf("0", 1, 3, 4), distilledOf("0", 1, 2.5));
    expect(rows[0]).toMatchObject({ points: 2, aulc_random: 3, aulc_self: 4, aulc_asm: 3.5, reu: -0.5 });
    expect(notices).toContain("S: only the first 2 of 3 points are compared: S has no more yet");
  });

  it("gives no interval for one seed, and says why", () => {
    const { rows, notices } = group(randomOf("0", 1), selfOf("0", 2), distilledOf("0", 3));
    expect(rows[0]).toMatchObject({ reu: 1, reu_interval: null, self_minus_random_interval: null, resamples: 0 });
    expect(rows[0]!.verdict).toBe("better than self");
    expect(notices.join()).toMatch(/one seed: no interval can be given/);
  });

  it("counts the resamples in which self does not beat random", () => {
    const { rows } = group(
      ...[randomOf("0", 1), selfOf("0", 0.9), distilledOf("0", 1)],
      ...[randomOf("1", 1), selfOf("1", 2), distilledOf("1", 1.5)],
      ...[randomOf("2", 1), selfOf("2", 2), distilledOf("2", 1.5)],
    );
    const [row] = rows;
    // All three draws are seed 0: once in 27.
    expect(row!.resamples_undefined / row!.resamples).toBeGreaterThan(0.03);
    expect(row!.resamples_undefined / row!.resamples).toBeLessThan(0.045);
    expect(row!.verdict).toBe("undefined: self-selection may not beat random");
  });

  it("keeps the formula's number where its denominator is negative, with no interval", () => {
    const negative = ["0", "1"].flatMap((seed) => [randomOf(seed, 2), selfOf(seed, 1), distilledOf(seed, 0)]);
    expect(group(...negative).rows[0]).toMatchObject({
      reu: 1,
      reu_interval: null,
      verdict: "undefined: self-selection does not beat random",
      resamples_undefined: 10_000,
    });
  });

  it("gives no interval for a negative denominator, even where some resamples have a positive one", () => {
    const { rows } = group(
      ...[randomOf("0", 2), selfOf("0", 1), distilledOf("0", 1)],
      ...[randomOf("1", 2), selfOf("1", 2.5), distilledOf("1", 1)],
    );
    expect(rows[0]!.resamples_undefined).toBeLessThan(10_000);
    expect(rows[0]).toMatchObject({ reu_interval: null, verdict: "undefined: self-selection does not beat random" });
  });

  it("has no REU where self equals random", () => {
    const equal = ["0", "1"].flatMap((seed) => [randomOf(seed, 2), selfOf(seed, 2), distilledOf(seed, 3)]);
    expect(group(...equal).rows[0]).toMatchObject({
      reu: null,
      verdict: "undefined: self-selection does not beat random",
    });
  });
});

describe("several groups in one file", () => {
  it("never mix data sets, successors, strategies or metrics; random serves every strategy", () => {
    const of = (given: Partial<Curve>, start: number, lift: number) =>
      [randomOf("0", start), selfOf("0", start + 1), distilledOf("0", start + lift)].map((curve) => ({
        ...curve,
        ...given,
      }));
    const margin = [selfOf("0", 3), distilledOf("0", 1 + 0.5)].map((curve) => ({ ...curve, strategy: "margin" }));
    const rows = reuRows(reuGroups([
      ...of({}, 1, 0.9),
      ...of({ dataset: "other" }, 2, 0.8),
      ...of({ metric: "macro_f1" }, 3, 0.7),
      ...[randomOf("0", 4), selfOf("0", 5), distilledOf("0", 4.6)].map((curve) => ({
        ...curve,
        successor: "U",
        acquisition: curve.acquisition === "T" ? "U" : curve.acquisition,
      })),
      ...margin,
    ]));
    const found = rows.map((row) =>
      [row.dataset, row.successor, row.strategy, row.metric, row.reu!.toFixed(2)].join(" ")
    );
    expect(new Set(found)).toEqual(
      new Set([
        "data T lc accuracy -0.10",
        "other T lc accuracy -0.20",
        "data T lc macro_f1 -0.30",
        "data U lc accuracy -0.40",
        "data T margin accuracy -0.75",
      ]),
    );
  });

  it("says what a group lacks", () => {
    expect(group(selfOf("0", 1), distilledOf("0", 1)).notices.join()).toMatch(/no curve of random picking/);
    expect(group(randomOf("0", 1), distilledOf("0", 1)).notices.join()).toMatch(/no curve of self-selection/);
    expect(group(randomOf("0", 1), selfOf("0", 2))).toMatchObject({
      rows: [],
      selfSelection: { self_minus_random: 1 },
      notices: ["no curve of another acquisition model (al_type asm)"],
    });
    expect(group(randomOf("0", 1), selfOf("0", 2), distilledOf("1", 2)).notices.join()).toMatch(/S: no seed is common/);
  });

  it("is refused where not one row can be made", () => {
    expect(() => reuRows(reuGroups([selfOf("0", 1)]))).toThrow(InputError);
    expect(() => reuRows(reuGroups([selfOf("0", 1)]))).toThrow(/data, T, lc, accuracy: no curve of random picking/);
    expect(() => reuRows([])).toThrow(InputError);
  });

  it("takes a curve that is there twice once, and refuses two different ones", () => {
    const curves = [randomOf("0", 1), selfOf("0", 2), distilledOf("0", 3)];
    expect(reuGroups([...curves, ...curves])).toEqual(reuGroups(curves));
    expect(() => reuGroups([...curves, selfOf("0", 2.5)])).toThrow(InputError);
    expect(() => reuGroups([...curves, selfOf("0", 2.5)])).toThrow(
      /two different curves of data, T for T, lc, accuracy, seed 0/,
    );
  });

  it("refuses an acquisition model with two relations", () => {
    const twice = curveOf({ relation: "mismatched", acquisition: "S", al_type: "asm", seed: "1", scores: [1] });
    expect(() => reuGroups([distilledOf("0", 1), twice])).toThrow(
      /S for T has more than one relation: distilled, mismatched/,
    );
  });
});

it.each([
  [["4"], "seed 4"],
  [["0", "1"], "seeds 0, 1"],
  [["0", "1", "2", "5", "7", "8", "9"], "seeds 0-2, 5, 7-9"],
  [["mean"], "seed mean"],
])("seeds %j are written '%s'", (seeds, expected) => expect(seedList(seeds)).toBe(expected));
