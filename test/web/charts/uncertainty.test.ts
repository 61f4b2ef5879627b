import { describe, expect, it } from "vitest";
import { colourStep, painterOrder } from "../../../web/charts/painter_order.ts";
import { meanUncertainty, quarters, uncertaintyLevels, uncertaintyScale } from "../../../web/charts/uncertainty.ts";
import type { RoundView } from "../../../web/engine/api.ts";
import { madeUpPool } from "./made_up.ts";

const view = madeUpPool(400, 1);

function withEntropy(values: readonly number[]): RoundView {
  return { ...madeUpPool(values.length, 1), entropy: Float32Array.from(values) };
}

describe("the scale of uncertainty", () => {
  it("reverses the margin, which is small where a model is unsure", () => {
    expect(uncertaintyScale(view, "margin")).toEqual({ sure: 1, unsure: 0 });
    const levels = uncertaintyLevels(view, "margin");
    levels.forEach((level, index) => expect(level).toBeCloseTo(1 - view.margin[index]!, 6));
  });

  it("does not make a sure pool look unsure", () => {
    const sure = withEntropy(Array.from({ length: 100 }, (_, index) => index / 1000));
    expect(uncertaintyScale(sure, "entropy").unsure).toBe(Math.LN2);
    expect(Math.max(...uncertaintyLevels(sure, "entropy"))).toBeLessThan(0.2);
  });

  it("reaches to the 98th percentile where there are many classes, and no outlier stretches it", () => {
    const many = withEntropy([...Array.from({ length: 100 }, (_, index) => index / 50), 50]);
    expect(uncertaintyScale(many, "entropy").unsure).toBeCloseTo(1.96, 5);
    expect(uncertaintyLevels(many, "entropy")[100]).toBe(1);
  });

  it("has a colour for either end", () => {
    expect([colourStep(0), colourStep(0.5), colourStep(1)]).toEqual([0, 16, 31]);
  });
});

describe("the pool in quarters", () => {
  it.each(["entropy", "margin", "leastConfidence"] as const)("begins with what is least sure by %s", (measure) => {
    const picks = view.picks.entropy!;
    const found = quarters(view, measure, picks);
    expect(found.map(({ points }) => points)).toEqual([100, 100, 100, 100]);
    expect(found.map(({ picks }) => picks)).toEqual([20, 0, 0, 0]);
    expect(found.reduce((sum, { labelled }) => sum + labelled, 0)).toBe(8);
    const ends = found.flatMap(({ from, to }) => measure === "margin" ? [from, to] : [to, from]);
    expect(ends).toEqual(ends.toSorted((a, b) => measure === "margin" ? a - b : b - a));
  });

  it("have nothing to tell of an empty pool", () => {
    expect(quarters(madeUpPool(0, 1), "entropy", []).map(({ points }) => points)).toEqual([0, 0, 0, 0]);
  });
});

describe("the order of painting", () => {
  it("ends with what is unsure, and with labelled examples on top", () => {
    const order = [...painterOrder({
      x: new Float32Array(5),
      y: new Float32Array(5),
      level: Float32Array.of(0.9, 0.1, 0.5, 0.1, 0.2),
      labelled: Uint8Array.of(0, 0, 0, 0, 1),
    })];
    expect(order).toEqual([1, 3, 2, 0, 4]);
  });
});

it("the mean uncertainty leaves out what is labelled", () => {
  const two = { ...withEntropy([0.2, 0.4, 0.6]), labelled: Uint8Array.of(1, 0, 0) };
  expect(meanUncertainty(two, "entropy")).toBeCloseTo(0.5, 6);
});
