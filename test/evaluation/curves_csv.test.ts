import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import type { Curve } from "../../src/evaluation/curve.ts";
import { parseCurves } from "../../src/evaluation/curves_csv.ts";
import { formatCurves } from "../../src/evaluation/format_curves.ts";
import { curveOf, distilledOf, randomOf, selfOf } from "./curve_of.ts";

const head = "dataset,successor,acquisition,relation,al_type,strategy,seed,metric";

describe("curves.csv", () => {
  it("has the documented columns", () => {
    expect(formatCurves([selfOf("0", 0.5, 0.75)])).toBe(
      `${head},score_0,score_1\ndata,T,T,self,one,lc,0,accuracy,0.5,0.75\n`,
    );
  });

  it("lists baselines first, and seeds as numbers", () => {
    const curves = [distilledOf("10", 1), distilledOf("9", 1), selfOf("0", 1), randomOf("0", 1)];
    const rows = formatCurves(curves).trim().split("\n").slice(1).map((row) => row.split(",").slice(3, 7).join());
    expect(rows).toEqual(["random,one,random,0", "self,one,lc,0", "distilled,asm,lc,9", "distilled,asm,lc,10"]);
  });

  it("leaves the last cells of an unfinished run empty, and reads them so", () => {
    const curves = [selfOf("0", 0.5, 0.75, 1), selfOf("1", 0.5)];
    expect(formatCurves(curves)).toContain(",0.5,,\n");
    expect(parseCurves(formatCurves(curves), "c.csv")).toEqual(curves);
  });

  it("refuses to write what is not a number", () => {
    expect(() => formatCurves([selfOf("0", Number.NaN)])).toThrow(RangeError);
  });

  const word = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => text.replaceAll("\0", "x"));
  const arbitraryCurve: fc.Arbitrary<Curve> = fc.record({
    dataset: fc.string(),
    successor: word,
    acquisition: word,
    relation: fc.constantFrom("distilled" as const, "mismatched" as const, undefined),
    al_type: fc.constant("asm" as const),
    strategy: word.filter((strategy) => strategy !== "random"),
    seed: word,
    metric: word,
    scores: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 5 }),
  }).map(({ relation, scores, ...rest }) => ({
    ...rest,
    ...(relation && { relation }),
    scores: scores.map((score) => score + 0),
  }));

  it("gives back every curve exactly, whatever its names and numbers", () => {
    fc.assert(fc.property(arbitraryCurve, (curve) => {
      expect(parseCurves(formatCurves([curve]), "c.csv")).toEqual([curve]);
    }));
  });

  it("gives the same bytes whatever the order of the curves", () => {
    fc.assert(fc.property(fc.uniqueArray(arbitraryCurve, { selector: ({ seed }) => seed }), (curves) => {
      expect(formatCurves(curves.toReversed())).toBe(formatCurves(curves));
    }));
  });
});

describe("reading curves from elsewhere", () => {
  it("takes any prefix, which names the metric where no column does", () => {
    const text = "successor,acquisition,al_type,strategy,seed,f1_0,f1_1\nT,T,one,lc,3,0.5,0.75\n";
    const { relation, ...rest } = selfOf("3", 0.5, 0.75);
    expect(parseCurves(text, "c.csv")).toEqual([{ ...rest, relation, dataset: "", metric: "f1" }]);
  });

  it("knows random and self by strategy and type, and guesses nothing of others", () => {
    const text =
      "successor,acquisition,al_type,strategy,seed,s_0\nT,T,one,random,0,1\nT,T,one,lc,0,1\nT,S,asm,lc,0,1\n";
    expect(parseCurves(text, "c.csv").map((curve) => curve.relation)).toEqual(["random", "self", undefined]);
  });

  it("ignores other columns, an index without a name, a byte order mark, CR LF, blank lines and padding", () => {
    const text =
      "\ufeff,successor,acquisition,al_type,strategy,seed,seconds,score_0\r\n\r\n0,T, T ,one,lc,0,12,0.5\r\n";
    expect(parseCurves(text, "c.csv")).toEqual([{ ...selfOf("0", 0.5), dataset: "", metric: "score" }]);
  });

  it("orders score columns by their number", () => {
    const columns = Array.from({ length: 12 }, (_, round) => `score_${round}`).toReversed();
    const text = `successor,acquisition,al_type,strategy,seed,${columns.join()}\nT,T,one,lc,0,${
      columns.map((name) => name.slice(6)).join()
    }\n`;
    expect(parseCurves(text, "c.csv")[0]!.scores).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("reads a header without rows as no curves", () => expect(parseCurves(`${head},score_0\n`, "c.csv")).toEqual([]));

  const row = (cells: string) => `${head},score_0,score_1,score_2\n${cells}\n`;
  it.each([
    ["an empty file", "", /^c\.csv: the file is empty\. Expected a header line/],
    [
      "a missing column",
      "dataset,successor,score_0\n",
      /^c\.csv:1: missing columns acquisition, al_type, strategy, seed\. Found: dataset, successor, score_0$/,
    ],
    ["a column that is there twice", `${head},seed,score_0\n`, /^c\.csv:1: column 'seed' is there twice/],
    ["no scores", `${head}\n`, /^c\.csv:1: no score columns\. Expected one series of columns score_0, score_1/],
    ["two series of scores", `${head},f1_0,loss_0\n`, /^c\.csv:1: scores of more than one kind \(f1, loss\)/],
    ["a gap between score columns", `${head},score_0,score_2\n`, /^c\.csv:1: column score_2 but no score_1/],
    ["a word for a number", row("d,T,T,,one,lc,0,m,0.5,high,0.5"), /^c\.csv:2: score_1 'high' is not a number/],
    ["NaN", row("d,T,T,,one,lc,0,m,0.5,NaN,0.5"), /^c\.csv:2: score_1 'NaN' is not a number/],
    ["a decimal comma", row('d,T,T,,one,lc,0,m,"0,5",1,1'), /^c\.csv:2: score_0 '0,5' is not a number/],
    ["a number that is too large", row("d,T,T,,one,lc,0,m,1e999,1,1"), /^c\.csv:2: score_0 '1e999' is not a number/],
    ["a hole in a curve", row("d,T,T,,one,lc,0,m,0.5,,0.5"), /^c\.csv:2: score_1 is empty, but a later one is not/],
    ["a curve without scores", row("d,T,T,,one,lc,0,m,,,"), /^c\.csv:2: no scores\. Expected at least score_0/],
    ["too many cells", row("d,T,T,,one,lc,0,m,1,1,1,1"), /^c\.csv:2: 12 cells, but the header has 11/],
    ["an empty cell", row("d,T,T,,one,,0,m,1,1,1"), /^c\.csv:2: column 'strategy' is empty/],
    ["an unknown type", row("d,T,T,,two,lc,0,m,1,1,1"), /^c\.csv:2: al_type 'two'\. Expected one .* or asm/],
    [
      "an unknown relation",
      row("d,T,S,distiled,asm,lc,0,m,1,1,1"),
      /^c\.csv:2: unknown relation 'distiled'\. Did you mean distilled\?/,
    ],
    [
      "a relation that cannot be",
      row("d,T,T,self,one,random,0,m,1,1,1"),
      /^c\.csv:2: relation 'self', but .* 'random'/,
    ],
    [
      "self with two models",
      row("d,T,S,self,asm,lc,0,m,1,1,1"),
      /^c\.csv:2: relation 'self', but this curve has al_type asm/,
    ],
    [
      "one with two models",
      row("d,T,S,,one,lc,0,m,1,1,1"),
      /^c\.csv:2: al_type one is self-selection, but acquisition 'S'/,
    ],
    ["a quote that never ends", row('d,T,"T,,one,lc,0,m,1,1,1'), /^c\.csv:\d+: not CSV\. Quote Not Closed/],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseCurves(text, "c.csv")).toThrow(InputError);
    expect(() => parseCurves(text, "c.csv")).toThrow(message);
  });

  it("names the right line after a cell of several lines", () => {
    const text = `${head},score_0\nd,"T\nT","T\nT",,one,lc,0,m,1\nd,T,T,,one,lc,0,m,x\n`;
    expect(() => parseCurves(text, "c.csv")).toThrow(/^c\.csv:5: score_0 'x'/);
  });

  it("keeps the curve of a model whose name has commas and quotes", () => {
    const curve = curveOf({ relation: "self", successor: 'a "b", c', acquisition: 'a "b", c', scores: [1] });
    expect(formatCurves([curve])).toContain('"a ""b"", c"');
    expect(parseCurves(formatCurves([curve]), "c.csv")).toEqual([curve]);
  });
});
