import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaBetween, type Piece } from "../../../web/charts/area_between.ts";
import { curvesGist } from "../../../web/charts/curve_gist.ts";
import { countAt, curvePlot, labelMiddles, nearestPoint, scoreDomain } from "../../../web/charts/curve_plot.ts";
import { type CurveSeries, steppedTo } from "../../../web/charts/curve_series.ts";
import { lineLooks } from "../../../web/charts/line_look.ts";
import { seedBand } from "../../../web/charts/seed_band.ts";
import { begins, traced } from "../../../web/charts/traced.ts";
import { en } from "../../../web/texts/english.ts";
import { ru } from "../../../web/texts/russian.ts";

/** By the shoelace formula. */
function sizeOf({ outline }: Piece): number {
  return Math.abs(outline.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length]!;
    return sum + x * nextY - nextX * y;
  }, 0)) / 2;
}

describe("the area between two curves", () => {
  const score = fc.integer({ min: 0, max: 20 }).map((each) => each / 20);
  const curves = fc.array(fc.tuple(score, score), { minLength: 2, maxLength: 12 });

  it("adds up, with its signs, to the difference of the areas below them", () => {
    fc.assert(fc.property(curves, (points) => {
      const x = points.map((_, index) => 40 + 10 * index);
      const [first, second] = [points.map(([each]) => each), points.map(([, each]) => each)];
      const gaps = points.map(([a, b]) => a - b);
      const expected = gaps.slice(1).reduce((sum, gap, index) => sum + 5 * (gap + gaps[index]!), 0);
      const pieces = areaBetween(x, first, second);
      expect(pieces.reduce((sum, each) => sum + (each.ahead ? 1 : -1) * sizeOf(each), 0)).toBeCloseTo(expected, 8);
      for (const piece of pieces) expect(sizeOf(piece)).toBeGreaterThan(0);
    }));
  });

  it("is cut where the curves cross", () => {
    const pieces = areaBetween([0, 1, 2], [0, 1, 1], [1, 0, 1]);
    expect(pieces.map(({ ahead }) => ahead)).toEqual([false, true]);
    expect(pieces[0]!.outline).toContainEqual([0.5, 0.5]);
  });

  it("goes as far as the shorter curve", () => {
    expect(areaBetween([0, 1, 2], [1, 1], [0, 0, 0]).map(sizeOf)).toEqual([1]);
    expect(areaBetween([0, 1], [], [1])).toEqual([]);
  });
});

describe("the band of seeds", () => {
  it("spans them where there are two, and only there", () => {
    expect(seedBand([[0.5, 0.6, 0.7], [0.4, 0.8], [0.45]])).toEqual([[0.4, 0.5], [0.6, 0.8], undefined]);
  });
});

describe("a curve that grows", () => {
  it("is drawn up to its tip", () => {
    expect(traced([0, 1, 3], 1)).toEqual([{ at: 0, score: 0 }, { at: 1, score: 1 }]);
    expect(traced([0, 1, 3], 1.5).at(-1)).toEqual({ at: 1.5, score: 2 });
    expect(traced([0, 1, 3], 2)).toHaveLength(3);
    expect(traced([], -1)).toEqual([]);
  });

  it("begins with what it was", () => {
    expect(begins([0.1, 0.2], [0.1, 0.2, 0.3])).toBe(true);
    expect(begins([0.1, 0.2], [0.1, 0.2])).toBe(true);
    expect(begins([], [0.1])).toBe(true);
    expect(begins([0.1, 0.2], [0.1, 0.25, 0.3])).toBe(false);
    expect(begins([0.1, 0.2], [0.1])).toBe(false);
  });
});

describe("the plot of the curves", () => {
  const counts = Array.from({ length: 16 }, (_, point) => 20 + 20 * point);
  const room = { label: 90, xTick: 24, yTick: 24 };
  const plotOf = (width: number) => curvePlot({ width, height: 300 }, counts, [0.4, 0.9], room);

  it("reaches to the last planned count, and leaves room for labels", () => {
    const plot = plotOf(700);
    expect([plot.x(20), plot.x(320)]).toEqual([plot.left, plot.right]);
    expect(plot.right + room.label).toBeLessThan(700);
  });

  it.each([280, 390, 700, 1900])("has ticks at rounds that do not touch at %i px", (width) => {
    const { x, xTicks } = plotOf(width);
    expect(xTicks.length).toBeGreaterThan(1);
    for (const tick of xTicks) expect(counts).toContain(tick);
    xTicks.slice(1).forEach((tick, index) => expect(x(tick) - x(xTicks[index]!)).toBeGreaterThan(room.xTick + 10));
  });

  it("tells neighbouring ticks of y apart", () => {
    for (const [low, high] of [[0, 1], [0.4, 0.9], [0.81, 0.84], [0.5, 0.502], [0, 40]] as const) {
      const { yTicks, yDigits } = curvePlot({ width: 500, height: 300 }, counts, scoreDomain([low, high]), room);
      const texts = yTicks.map((tick) => tick.toFixed(yDigits));
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts.map(Number)).toEqual(yTicks.map((tick) => Number(tick.toFixed(9))));
    }
  });

  it("shows every score, and does not make noise of scores that hardly differ", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (scores) => {
      const [low, high] = scoreDomain(scores);
      expect(low).toBeLessThanOrEqual(Math.min(...scores) + 1e-12);
      expect(high).toBeGreaterThanOrEqual(Math.max(...scores) - 1e-12);
      expect(high - low).toBeGreaterThan(0.0199);
    }));
    expect(scoreDomain([])).toEqual([0, 1]);
  });

  it("never lets labels collide", () => {
    const plot = plotOf(500);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.4, max: 0.9, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (scores) => {
          const middles = labelMiddles(scores.map((each) => plot.y(each)), plot, 18).toSorted((a, b) => a - b);
          middles.slice(1).forEach((each, index) => expect(each - middles[index]!).toBeGreaterThanOrEqual(18 - 1e-9));
          expect(middles[0]).toBeGreaterThanOrEqual(plot.top - 1e-9);
          expect(middles.at(-1)).toBeLessThanOrEqual(plot.bottom - 9 + 1e-9);
        },
      ),
    );
  });

  it("finds the planned point that a pointer is nearest to", () => {
    expect([0, 29, 31, 51, 1000].map((count) => nearestPoint(counts, count, 3))).toEqual([0, 0, 1, 2, 2]);
    expect([countAt(counts, 0), countAt(counts, 1.5), countAt(counts, 15)]).toEqual([20, 50, 320]);
  });
});

describe("who looks like what", () => {
  it("tells kinds, and several of a kind, apart by dash and marker", () => {
    const looks = lineLooks(["random", "self", "asm", "asm", "asm", "you"]);
    expect(new Set(looks.map(({ dash }) => dash)).size).toBe(6);
    expect(new Set(looks.slice(0, 4).map(({ marker }) => marker)).size).toBe(4);
  });
});

describe("keys", () => {
  const series: CurveSeries[] = [
    { name: "random", kind: "random", scores: [0.4, 0.5, 0.6], otherSeeds: [] },
    { name: "self", kind: "self", scores: [0.4, 0.7, 0.8], otherSeeds: [] },
    { name: "bag", kind: "asm", scores: [0.4, 0.6], otherSeeds: [] },
    { name: "you", kind: "you", scores: [], otherSeeds: [] },
  ];
  const after = (series_: number, at: number, ...keys: string[]) =>
    keys.reduce((from, key) => steppedTo(series, from, key)!, { series: series_, at });

  it("go along a curve and stop at its ends", () => {
    expect(after(0, 0, "ArrowRight")).toEqual({ series: 0, at: 1 });
    expect(after(0, 0, "ArrowLeft")).toEqual({ series: 0, at: 0 });
    expect(after(2, 0, "End", "ArrowRight")).toEqual({ series: 2, at: 1 });
    expect(after(2, 1, "Home")).toEqual({ series: 2, at: 0 });
  });

  it("go up and down by score, past a curve that has not begun, to the end of a shorter one", () => {
    expect(after(0, 2, "ArrowUp")).toEqual({ series: 2, at: 1 });
    expect(after(0, 1, "ArrowUp", "ArrowUp", "ArrowUp")).toEqual({ series: 1, at: 1 });
    expect(after(1, 1, "ArrowDown", "ArrowDown", "ArrowDown")).toEqual({ series: 0, at: 1 });
  });

  it("mean nothing else", () => {
    expect(steppedTo(series, { series: 0, at: 0 }, "x")).toBeUndefined();
  });
});

describe("the gist of the curves", () => {
  const series = [
    { name: "random", scores: [0.4, 0.5] },
    { name: "self", scores: [0.4, 0.55, 0.62] },
    { name: "bag", scores: [] },
  ];
  const counts = [40, 80, 120, 160];

  it("names the last points, and the leader where all can be compared", () => {
    const gist = en.charts.curves.gist(curvesGist(series, counts, "macro_f1", en.charts.curves));
    expect(gist).toBe(
      "Learning curves: macro F1 by labelled examples, up to 160. Last points: random 0.500 at 80 and self 0.620 at 120. " +
        "self leads by 0.050 at 80.",
    );
    expect(ru.charts.curves.gist(curvesGist(series, counts, "macro_f1", ru.charts.curves))).toContain(
      "Впереди self, на 0,050 при 80.",
    );
  });

  it("names no leader of one, of none, or in a tie", () => {
    expect(curvesGist(series.slice(0, 1), counts, "accuracy", en.charts.curves).leader).toBeUndefined();
    expect(curvesGist([], counts, "accuracy", en.charts.curves).leader).toBeUndefined();
    const tied = series.slice(0, 2).map((each) => ({ ...each, scores: [0.4] }));
    expect(curvesGist(tied, counts, "accuracy", ru.charts.curves).leader).toBeUndefined();
  });
});
