import { describe, expect, it } from "vitest";
import type { Curve } from "../../src/evaluation/curve.ts";
import { hypotheses } from "../../src/evaluation/hypotheses.ts";
import { plainWords } from "../../src/evaluation/plain_words.ts";
import { reuGroups } from "../../src/evaluation/reu_groups.ts";
import { curveOf, distilledOf, mismatchedOf, randomOf, selfOf } from "./curve_of.ts";

/** Random has area 1 and self 2, give or take what a seed does to all. */
const seeds = ["0", "1", "2", "3"];
const baselines = seeds.flatMap((seed) => [randomOf(seed, 1 + Number(seed) / 10), selfOf(seed, 2 + Number(seed) / 10)]);
const arm = (of: typeof distilledOf, ...areas: number[]) =>
  seeds.map((seed, index) => of(seed, areas[index % areas.length]! + Number(seed) / 10));
const groupOf = (...curves: Curve[]) => reuGroups(curves)[0]!;

describe("what a group says of the hypotheses", () => {
  const said = (...curves: Curve[]) => hypotheses(groupOf(...baselines, ...curves));

  it("a distilled model whose picks serve speaks against H1", () => {
    const [h1, h2] = said(...arm(distilledOf, 1.9, 1.85));
    expect(h1).toMatch(/^H1 .*S has REU -0\.125 \[.*\]: it speaks against H1, since its picks keep 88 %/);
    expect(h2).toMatch(
      /^H2 .*No run here is known to be of a model not distilled from T, so this group says nothing about H2/,
    );
  });

  it("a distilled model whose picks serve no better than random ones agrees with H1", () => {
    expect(said(...arm(distilledOf, 0.5, 0.6))[0]).toMatch(
      /it agrees with H1, since its picks serve no better than random/,
    );
  });

  it("a mismatched model bears on H2, never on H1", () => {
    const [h1, h2] = said(...arm(mismatchedOf, 0.5, 0.6));
    expect(h1).toMatch(/says nothing about H1/);
    expect(h2).toMatch(/M has REU .* it agrees with H2/);
  });

  it("is cautious where the interval holds the opposite, and only there", () => {
    expect(said(...arm(distilledOf, 0.2, 2.6))[0]).toMatch(
      /by the number alone it speaks against H1, but the interval holds the opposite too/,
    );
    expect(said(...arm(distilledOf, 1.6, 2.2))[0]).toMatch(
      /REU -0\.100 \[.*\+0\..*\]: it speaks against H1, since its picks keep 90 %/,
    );
  });

  it("calls one seed a hint at most", () => {
    const one = groupOf(randomOf("0", 1), selfOf("0", 2), distilledOf("0", 1.9));
    expect(hypotheses(one)[0]).toMatch(
      /from one seed: it speaks against H1, but without an interval it is a hint at most/,
    );
  });

  it("says nothing where self-selection does not beat random", () => {
    const worse = groupOf(...seeds.flatMap((seed) => [randomOf(seed, 2), selfOf(seed, 1), distilledOf(seed, 3)]));
    expect(hypotheses(worse)[0]).toMatch(/Self-selection does not beat random here, so S says nothing about H1/);
    const unsure = groupOf(...seeds.flatMap((seed) => [
      randomOf(seed, 1),
      selfOf(seed, seed === "0" ? 5 : 0.9),
      distilledOf(seed, 3),
    ]));
    expect(hypotheses(unsure)[0]).toMatch(/Self-selection may not beat random here, so S says nothing about H1/);
  });

  it("compares distilled and mismatched directly, and never calls one group proof", () => {
    const both = said(...arm(distilledOf, 1.9), ...arm(mismatchedOf, 1.4)).at(-1);
    expect(both).toMatch(/S \(distilled\) against those of M \(mismatched\): AULC \+0\.5000.*serve better/);
    expect(both).toMatch(/can speak for or against a hypothesis, but not settle it/);
    expect(said(...arm(distilledOf, 1.2, 1.8), ...arm(mismatchedOf, 1.8, 1.2)).at(-1)).toMatch(/cannot be told apart/);
  });

  it("takes no side on a model whose relation is not given", () => {
    const unknown = seeds.map((seed) => curveOf({ acquisition: "X", al_type: "asm", seed, scores: [1.9] }));
    const [only, ...rest] = said(...unknown);
    expect(only).toMatch(/How X relates to T is not given, so its row bears on neither hypothesis/);
    expect(rest).toEqual([]);
    expect(said(...unknown, ...arm(distilledOf, 1.9)).at(-1)).toMatch(/How X relates to T is not given/);
  });
});

describe("a group in plain words", () => {
  const said = (...curves: Curve[]) => plainWords(groupOf(...baselines, ...curves));

  it.each([
    [
      "keeps part of the gain",
      arm(distilledOf, 1.75),
      /Examples picked by S, a model distilled from T, kept 75 % of that gain\.$/,
    ],
    ["is as good as self", arm(distilledOf, 2.1), /served it at least as well as its own, with 110 % of that gain\.$/],
    [
      "is worse than random",
      arm(mismatchedOf, 0.5),
      /M, a model not distilled from T, served it no better than random ones\.$/,
    ],
    [
      "is uncertain",
      arm(distilledOf, 1.2, 2.6),
      /kept 90 % of that gain\. Over other seeds S's share could be anything from \d+ % to 1\d\d %\.$/,
    ],
    [
      "may be useless",
      arm(distilledOf, 0.2, 2.6),
      /Over other seeds S's share could be anything from nothing to 1\d\d %\.$/,
    ],
    [
      "is absent",
      [],
      /T learned more from its own picks than from random ones on data\. No other model has picked for it yet\.$/,
    ],
  ])("says so where another model %s", (_, curves, expected) => expect(said(...curves)).toMatch(expected));

  it("claims nothing without several seeds", () => {
    expect(plainWords(groupOf(randomOf("0", 1), selfOf("0", 2), distilledOf("0", 1.9)))).toMatch(
      /this may be chance\.$/,
    );
  });

  it("says that there is no gain to keep", () => {
    expect(plainWords(groupOf(randomOf("0", 2), selfOf("0", 1), distilledOf("0", 3)))).toMatch(
      /T's own picks served it no better than random ones on data, so there is no gain that S could keep/,
    );
  });

  it("says that the gain may be chance", () => {
    const unsure = seeds.flatMap((
      seed,
    ) => [randomOf(seed, 1), selfOf(seed, seed === "0" ? 5 : 0.9), distilledOf(seed, 3)]);
    expect(plainWords(groupOf(...unsure))).toMatch(/but not by more than chance can do/);
  });

  it("says what is missing", () => {
    expect(plainWords(groupOf(selfOf("0", 1)))).toMatch(
      /nothing to compare yet for T on data: no curve of random picking/,
    );
  });
});
