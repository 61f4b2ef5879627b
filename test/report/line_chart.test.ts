import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curveCharts } from "../../src/report/curve_charts.ts";
import { curvesSvg } from "../../src/report/curves_svg.ts";
import { spreadLabels } from "../../src/report/label_layout.ts";
import { lineStyles } from "../../src/report/line_style.ts";
import { curveOf, distilledOf, mismatchedOf, randomOf, selfOf } from "../evaluation/curve_of.ts";
import { xmlFaults } from "./svg_check.ts";

const group = ["0", "1", "2"].flatMap((seed, shift) => [
  randomOf(seed, 0.5, 0.6 + shift / 100, 0.7),
  selfOf(seed, 0.5, 0.7 + shift / 100, 0.8),
  distilledOf(seed, 0.5, 0.68 + shift / 100, 0.8),
  mismatchedOf(seed, 0.5, 0.6, 0.68),
]);

describe("labels at the ends of lines", () => {
  const wanted = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 9 });

  it("never collide, stay in order and within bounds", () => {
    fc.assert(fc.property(wanted, (wanted) => {
      const placed = spreadLabels(wanted, 30, 0, 300);
      const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
      const sorted = order.map((index) => placed[index]!);
      for (const [index, place] of sorted.entries()) {
        expect(place).toBeGreaterThanOrEqual(-1e-9);
        expect(place).toBeLessThanOrEqual(300 + 1e-9);
        if (index > 0) expect(place - sorted[index - 1]!).toBeGreaterThanOrEqual(30 - 1e-9);
      }
    }));
  });

  it("stay where they want to be if there is room", () => {
    expect(spreadLabels([200, 20, 100], 30, 0, 300)).toEqual([200, 20, 100]);
  });

  it("share the way if there is none", () => expect(spreadLabels([100, 100], 30, 0, 300)).toEqual([85, 115]));
});

describe("line styles", () => {
  it("keep a relation's colour, and give each line a colour and a dash of its own", () => {
    const relations = ["random", "self", "distilled", "mismatched", "mismatched", undefined] as const;
    const styles = lineStyles(relations);
    expect(lineStyles(["mismatched"])[0]).toBe(styles[3]);
    expect(new Set(styles.map(({ colour }) => colour)).size).toBe(relations.length);
    expect(new Set(styles.map(({ dash }) => dash)).size).toBe(relations.length);
  });

  it("stand out from white as text must", () => {
    const channel = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    for (const { colour } of lineStyles(["random", "self", "distilled", "mismatched", ...Array(4).fill(undefined)])) {
      const [r, g, b] = [1, 3, 5].map((at) => channel(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
      const contrast = 1.05 / (0.2126 * r! + 0.7152 * g! + 0.0722 * b! + 0.05);
      expect(contrast, colour).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("learning curves as charts", () => {
  it("have no place on the axis of a share for more than all", () => {
    const svg = curvesSvg([randomOf("0", 1, 1, 1), selfOf("0", 1, 1, 1)]);
    expect(svg).toContain(">1.00<");
    expect(svg).not.toMatch(/>1\.0*[1-9]\d*</);
  });

  it("draw the mean over seeds and one standard deviation around it", () => {
    const [chart] = curveCharts(group);
    const self = chart!.lines.find(({ label }) => label === "self")!;
    expect(self.points[1]!.y).toBeCloseTo(0.71, 12);
    expect(self.points[1]!.band![0]).toBeCloseTo(0.7, 12);
    expect(self.points[1]!.band![1]).toBeCloseTo(0.72, 12);
    expect(chart!.subtitle).toBe("mean of 3 seeds; band: ±1 standard deviation");
  });

  it("draw no band for one seed", () => {
    const [chart] = curveCharts([selfOf("0", 0.5, 0.6)]);
    expect(chart!.lines[0]!.points.map(({ band }) => band)).toEqual([undefined, undefined]);
    expect(chart!.subtitle).toBe("one seed");
  });

  it("put labelled examples on the axis where all runs agree on them, else rounds", () => {
    const [known] = curveCharts(group, () => [20, 40, 60]);
    expect([known!.xLabel, known!.lines[0]!.points.map(({ x }) => x)]).toEqual(["labelled examples", [20, 40, 60]]);
    const differing = curveCharts(group, ({ relation }) => relation === "self" ? [20, 45, 60] : [20, 40, 60]);
    expect([differing[0]!.xLabel, differing[0]!.lines[0]!.points.map(({ x }) => x)]).toEqual(["round", [0, 1, 2]]);
    const unknown = curveCharts(group, ({ seed }) => seed === "2" ? undefined : [20, 40, 60]);
    expect(unknown[0]!.xLabel).toBe("round");
    expect(curveCharts(group, () => [20, 40])[0]!.xLabel).toBe("round");
  });

  it("say when later points rest on fewer seeds", () => {
    const [chart] = curveCharts([selfOf("0", 0.5, 0.6), selfOf("1", 0.7)]);
    expect(chart!.lines[0]!.points.map(({ y }) => y)).toEqual([0.6, 0.6]);
    expect(chart!.subtitle).toMatch(/later points: fewer seeds so far/);
  });

  it("make a chart for each data set, successor and metric, and split many lines by strategy", () => {
    expect(curveCharts([...group, ...group.map((curve) => ({ ...curve, metric: "macro_f1" }))])).toHaveLength(2);
    const strategies = ["margin", "entropy", "mnlp"];
    const many = strategies.flatMap((strategy) =>
      group.map((curve) => (curve.strategy === "random" ? curve : { ...curve, strategy }))
    );
    const charts = curveCharts(many);
    expect(charts.map(({ title }) => title)).toEqual(
      strategies.toSorted().map((name) => `T on data, strategy ${name}`),
    );
    for (const { lines } of charts) expect(lines.map(({ label }) => label)).toContain("random");
  });
});

describe("the SVG of learning curves", () => {
  it("is well formed, has a title and a description, and names axes and lines", () => {
    const svg = curvesSvg(group);
    expect(xmlFaults(svg)).toEqual([]);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" role="img" aria-labelledby="/);
    for (
      const text of [
        "<title ",
        "<desc ",
        "accuracy",
        "round",
        "random",
        "self",
        "distilled",
        "mismatched",
        ">S<",
        ">M<",
      ]
    ) {
      expect(svg).toContain(text);
    }
  });

  it("holds every group of a file", () => {
    const svg = curvesSvg([...group, ...group.map((curve) => ({ ...curve, dataset: "other" }))]);
    expect(xmlFaults(svg)).toEqual([]);
    expect(svg).toContain("T on data");
    expect(svg).toContain("T on other");
  });

  it("is well formed whatever the names and numbers", () => {
    const name = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });
    const scores = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(name, name, name, scores, (dataset, successor, metric, scores) => {
      const svg = curvesSvg([curveOf({ dataset, successor, acquisition: successor, metric, scores })]);
      expect(xmlFaults(svg)).toEqual([]);
      expect(svg).not.toMatch(
        /NaN|Infinity|undefined/.test(dataset + successor + metric) ? /^$/ : /NaN|Infinity|undefined/,
      );
    }));
  });

  it("draws a single point", () => expect(xmlFaults(curvesSvg([selfOf("0", 0.5)]))).toEqual([]));
});
