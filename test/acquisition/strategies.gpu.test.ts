import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Capability, capable, type ScanControl, type ScoringModel } from "../../src/acquisition/scoring_model.ts";
import { strategies } from "../../src/acquisition/strategies.ts";
import type { Query, Scorer, Selector } from "../../src/acquisition/strategy.ts";
import { InputError } from "../../src/errors.ts";
import { random } from "../../src/random.ts";
import { statsOf } from "../experiment/stub_task.ts";

const control: ScanControl = { report: () => Promise.resolve() };

const modelOf = (rowStats: ScoringModel["rowStats"]) => capable<Capability>({ rowStats }, ["rowStats"]);

/** A query over as many candidates as there are rows of probabilities. */
function query(rows: readonly (readonly number[])[], more: Partial<Query> = {}): Query {
  return {
    candidates: rows.map((_, index) => ({ id: `e${index}`, text: "x" })),
    labelled: [],
    k: 2,
    random: random("test"),
    round: 1,
    model: modelOf(() => Promise.resolve(statsOf(rows))),
    dropoutPasses: 10,
    control,
    ...more,
  };
}

const scorer = (name: string) => strategies.get(name) as Scorer;

async function order(name: string, rows: readonly (readonly number[])[]): Promise<number[]> {
  const scores = await scorer(name).score(query(rows));
  return rows.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]!);
}

describe.each(["lc", "margin", "entropy"])("%s", (name) => {
  it("is largest where the model knows nothing, least where it is sure", async () => {
    const rows = [[0.9, 0.05, 0.05], [1 / 3, 1 / 3, 1 / 3], [1, 0, 0], [0.6, 0.3, 0.1]];
    expect(await order(name, rows)).toEqual([1, 3, 0, 2]);
  });

  it("agrees with the others where there are two classes", async () => {
    const rows = fc.array(fc.integer({ min: 500, max: 1000 }), { minLength: 1, maxLength: 20 });
    await fc.assert(fc.asyncProperty(rows, async (perMille) => {
      const distinct = [...new Set(perMille)];
      const expected = distinct.map((_, index) => index).sort((a, b) => distinct[a]! - distinct[b]!);
      expect(await order(name, distinct.map((p) => [p / 1000, 1 - p / 1000]))).toEqual(expected);
    }));
  });

  it("gives one score a candidate, and none for an empty pool", async () => {
    expect(await scorer(name).score(query([[0.5, 0.5], [0.2, 0.8]]))).toHaveLength(2);
    expect(await scorer(name).score(query([]))).toHaveLength(0);
  });

  it("asks for statistics of the model, which the classification task's models have", () => {
    expect(scorer(name).needs).toEqual(["rowStats"]);
  });
});

describe("the scorers", () => {
  it("give their formulas' values", async () => {
    const rows = [[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]];
    const scores = async (name: string) => [...await scorer(name).score(query(rows))];
    const close = (values: number[], expected: number[]) =>
      values.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 6));
    close(await scores("lc"), [0.5, 0.2]);
    close(await scores("margin"), [-0.2, -0.7]);
    close(await scores("entropy"), rows.map((row) => -row.reduce((sum, p) => sum + p * Math.log(p), 0)));
  });

  it("differ where there are three classes: margin looks at two of them, entropy at all", async () => {
    const rows = [[0.5, 0.49, 0.01], [0.45, 0.28, 0.27]];
    expect(await order("margin", rows)).toEqual([0, 1]);
    expect(await order("entropy", rows)).toEqual([1, 0]);
    expect(await order("lc", rows)).toEqual([1, 0]);
  });
});

describe("random", () => {
  const select = (strategies.get("random") as Selector).select;
  const hundred = Array.from({ length: 100 }, () => [1]);

  it("picks k different candidates, all of them where there are fewer, without a model", async () => {
    const model = modelOf(() => Promise.reject(new Error("asked for a model")));
    const picked = await select(query(hundred, { k: 30, model }));
    expect(new Set(picked.map(({ id }) => id)).size).toBe(30);
    expect(await select(query(hundred.slice(0, 3), { k: 30, model }))).toHaveLength(3);
    expect((strategies.get("random") as Selector).needs).toEqual([]);
  });

  it("depends on its generator alone", async () => {
    const picks = async (...key: (string | number)[]) =>
      (await select(query(hundred, { k: 10, random: random(...key) }))).map(({ id }) => id);
    expect(await picks(0, "acquire", 1)).toEqual(await picks(0, "acquire", 1));
    expect(await picks(0, "acquire", 1)).not.toEqual(await picks(0, "acquire", 2));
    expect(await picks(0, "acquire", 1)).not.toEqual(await picks(1, "acquire", 1));
  });

  it("gives every candidate the same chance", async () => {
    const times = new Map<string, number>();
    const trials = 2000;
    for (let trial = 0; trial < trials; trial++) {
      for (const { id } of await select(query(hundred.slice(0, 10), { k: 3, random: random("trial", trial) }))) {
        times.set(id, (times.get(id) ?? 0) + 1);
      }
    }
    // A share of 0.3 with a standard error of 0.0102; five of them.
    for (const count of times.values()) expect(Math.abs(count / trials - 0.3)).toBeLessThan(0.052);
    expect(times.size).toBe(10);
  });
});

describe("the registry of strategies", () => {
  it("names the nearest", () => {
    expect(() => strategies.get("entrpy", "al.strategy")).toThrow(InputError);
    expect(() => strategies.get("entrpy", "al.strategy")).toThrow(
      "al.strategy: unknown strategy 'entrpy'. Did you mean entropy?",
    );
  });
});
