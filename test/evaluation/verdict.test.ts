import { describe, expect, it } from "vitest";
import type { Interval } from "../../src/evaluation/bootstrap.ts";
import { foundBy, isUncertain, verdict } from "../../src/evaluation/verdict.ts";

const gain = { selfMinusRandom: 0.2, selfMinusRandomInterval: [0.1, 0.3] as Interval };

describe("the verdict", () => {
  it.each<[reu: number, interval: Interval | null, expected: string]>([
    [0.1, [0.01, 0.2], "better than self"],
    [0, [0, 0.2], "better than self"],
    [0.1, [-0.01, 0.2], "better than self, uncertain"],
    [-0.1, [-0.3, -0.05], "reusable"],
    [-0.1, [-0.3, 0], "reusable, uncertain"],
    [-0.9, [-1, -0.5], "reusable, uncertain"],
    [-0.5, [-1.4, 0.3], "reusable, uncertain"],
    [-1, [-1.2, -1], "worse than random"],
    [-1.5, [-2, -0.99], "worse than random, uncertain"],
    [0.1, null, "better than self"],
    [-0.1, null, "reusable"],
    [-3.5, null, "worse than random"],
  ])("of REU %d %j is '%s'", (reu, reuInterval, expected) => {
    expect(verdict({ reu, reuInterval, ...gain })).toBe(expected);
  });

  it.each<[why: string, selfMinusRandom: number, interval: Interval | null, expected: string]>([
    ["self is worse than random", -0.1, [-0.2, -0.05], "undefined: self-selection does not beat random"],
    [
      "self is worse, by an interval that holds zero",
      -0.1,
      [-0.2, 0.1],
      "undefined: self-selection does not beat random",
    ],
    ["self equals random", 0, null, "undefined: self-selection does not beat random"],
    ["the interval of the gain holds zero", 0.1, [-0.05, 0.3], "undefined: self-selection may not beat random"],
    ["the interval of the gain starts at zero", 0.1, [0, 0.3], "undefined: self-selection may not beat random"],
  ])("is undefined where %s", (_, selfMinusRandom, selfMinusRandomInterval, expected) => {
    const reu = selfMinusRandom === 0 ? null : 0.4;
    expect(verdict({ reu, reuInterval: null, selfMinusRandom, selfMinusRandomInterval })).toBe(expected);
  });

  it("says by itself what it found", () => {
    expect(foundBy("reusable, uncertain")).toBe("reusable");
    expect(foundBy("undefined: self-selection may not beat random")).toBe(undefined);
    expect(isUncertain("reusable, uncertain")).toBe(true);
    expect(isUncertain("reusable")).toBe(false);
  });
});
