import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aulc } from "../../src/evaluation/aulc.ts";
import { parseCurves } from "../../src/evaluation/curves_csv.ts";
import { reuGroups, reuRows } from "../../src/evaluation/reu_groups.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname!, "..", path), "utf8");
const page = read("../docs/errata.md");
const curves = parseCurves(read("fixtures/thesis_curves.csv"), "thesis_curves.csv");

interface Expected {
  readonly successor: string;
  readonly acquisition: string;
  readonly reu_printed: number;
  readonly verdict: string;
}

describe("docs/errata.md", () => {
  it("lists every value of TREC whose sign the formula turns, with what the formula gives", () => {
    const expected: readonly Expected[] = JSON.parse(read("fixtures/thesis_reu_expected.json"));
    const flipped = expected.filter(({ verdict }) => verdict === "sign flipped in print");
    expect(flipped).toHaveLength(3);
    const rows = reuRows(reuGroups(curves));
    for (const { successor, acquisition, reu_printed } of flipped) {
      const row = rows.find((each) =>
        each.dataset === "trec" && each.successor === successor && each.acquisition === acquisition
      )!;
      expect(row.verdict).toBe("undefined: self-selection does not beat random");
      expect(page).toContain(
        `| 3 (TREC) | ${successor} | ${acquisition} | ${reu_printed.toFixed(6)} | +${row.reu!.toFixed(6)} |`,
      );
    }
  });

  it("is right that TREC's means are whole numbers of answers, and one of them decides a value", () => {
    const answers = 3 * 500;
    const trec = curves.filter(({ dataset }) => dataset === "trec");
    for (const score of trec.flatMap(({ scores }) => scores)) {
      expect(Math.abs(score * answers - Math.round(score * answers))).toBeLessThan(1e-3);
    }
    const areaOf = (acquisition: string, strategy: string) =>
      aulc(
        trec.filter((curve) =>
          curve.successor === "RoBERTa" && curve.acquisition === acquisition && curve.strategy === strategy
        ).map(({ scores }) => scores),
      ) * answers;
    const self = areaOf("RoBERTa", "lc");
    expect(areaOf("DistilRoBERTa", "lc") - self).toBeCloseTo(1, 3);
    expect(self - areaOf("RoBERTa", "random")).toBeCloseTo(141, 3);
    expect(page).toContain("is 1/141");
  });
});
