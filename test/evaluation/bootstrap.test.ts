import { describe, expect, it } from "vitest";
import { percentileInterval, resampledMeans, resamples } from "../../src/evaluation/bootstrap.ts";

const seeds = [14.1, 14.9, 13.2, 14.4, 15.3];

describe("the bootstrap over seeds", () => {
  it("has nothing to say of one seed or none", () => {
    expect(resampledMeans([[1], [2]])).toBe(null);
    expect(resampledMeans([[], []])).toBe(null);
  });

  it("gives the same draws every time", () => expect(resampledMeans([seeds])).toEqual(resampledMeans([seeds])));

  it("draws the same seeds for every column", () => {
    const shifted = seeds.map((area) => area + 0.5);
    const [a, b] = resampledMeans([seeds, shifted])!;
    for (let index = 0; index < resamples; index++) expect(b![index]! - a![index]!).toBeCloseTo(0.5, 10);
  });

  it("averages seeds only: every mean lies between the least and the most", () => {
    const [means] = resampledMeans([seeds])!;
    expect(means).toHaveLength(10_000);
    expect(Math.min(...means!)).toBeGreaterThanOrEqual(Math.min(...seeds) - 1e-9);
    expect(Math.max(...means!)).toBeLessThanOrEqual(Math.max(...seeds) + 1e-9);
  });

  it("has the spread that resampling n of n must have", () => {
    const [means] = resampledMeans([seeds])!;
    const mean = seeds.reduce((sum, area) => sum + area, 0) / seeds.length;
    const variance = seeds.reduce((sum, area) => sum + (area - mean) ** 2, 0) / seeds.length / seeds.length;
    const found = means!.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means!.length;
    expect(found / variance).toBeGreaterThan(0.94);
    expect(found / variance).toBeLessThan(1.06);
  });

  it("refuses columns that cannot be paired", () => expect(() => resampledMeans([[1, 2], [1]])).toThrow(RangeError));
});

describe("the percentile interval", () => {
  it("holds the middle 95 % of the values", () => {
    const values = Float64Array.from({ length: 1001 }, (_, index) => (index * 389) % 1001);
    const [low, high] = percentileInterval(values)!;
    expect(low).toBeCloseTo(25, 9);
    expect(high).toBeCloseTo(975, 9);
  });

  it("is absent where there are no values", () => expect(percentileInterval(new Float64Array())).toBe(null));
});
