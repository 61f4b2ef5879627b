import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { subsamplers } from "../../src/acquisition/subsamplers.ts";
import type { SubsamplingRequest } from "../../src/acquisition/subsampling/subsampler.ts";
import { SAMPLING_TYPES } from "../../src/config/schema.ts";
import type { Example } from "../../src/data/example.ts";
import { random } from "../../src/random.ts";

const usual = { gamma: 0.1, temperature: 0.01, iters_to_recalc_scores: [0, 1, 4, 8] };

function poolOf(size: number): Example[] {
  return Array.from({ length: size }, (_, index) => ({ id: `e${String(index).padStart(4, "0")}`, text: "x" }));
}

/** A pool whose scores fall with its index, so that rank = index. */
function request(size: number, more: Partial<SubsamplingRequest> = {}): SubsamplingRequest {
  const pool = poolOf(size);
  return {
    pool,
    trainingSize: 2 * size,
    lastScore: (id) => -Number(id.slice(1)),
    query: 2,
    random: random("test"),
    al: { gamma_or_k_confident_to_save: null, ups: usual },
    ...more,
  };
}

const al = (gamma_or_k_confident_to_save: number | null, ups: Partial<typeof usual> = {}) => ({
  gamma_or_k_confident_to_save,
  ups: { ...usual, ...ups },
});

const indices = (examples: readonly Example[]) => examples.map(({ id }) => Number(id.slice(1)));
const candidates = (name: string, of: SubsamplingRequest) => indices(subsamplers.get(name).candidates(of));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("every subsampling", () => {
  it("is one that a config may name, and the other way round", () => {
    expect(subsamplers.names()).toEqual([...SAMPLING_TYPES]);
  });

  it.each(SAMPLING_TYPES)("gives a part of the pool, each example once, in the pool's order: %s", (name) => {
    const cases = fc.record({
      size: fc.integer({ min: 0, max: 60 }),
      query: fc.integer({ min: 0, max: 15 }),
      size_or_fraction: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
      seed: fc.integer(),
      known: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }),
    });
    fc.assert(fc.property(cases, ({ size, query, size_or_fraction, seed, known }) => {
      const found = candidates(
        name,
        request(size, {
          query,
          random: random(seed),
          al: al(size_or_fraction),
          lastScore: (id) => known[Number(id.slice(1))],
        }),
      );
      expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
      expect(found.every((index) => index < size)).toBe(true);
    }));
  });

  it.each(["random", "ups"])("%s depends on its generator alone", (name) => {
    const draw = (round: number) =>
      candidates(name, request(200, { al: al(0.1, { temperature: 0.3 }), random: random(0, round) }));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });
});

describe("none", () => {
  it("scores the whole pool", () => expect(candidates("none", request(7))).toEqual(upTo(7)));
});

describe("random", () => {
  it("draws a count, or a fraction of the training set; the whole pool where it has no more", () => {
    expect(candidates("random", request(100, { al: al(30) }))).toHaveLength(30);
    expect(candidates("random", request(100, { al: al(0.25) }))).toHaveLength(50);
    expect(candidates("random", request(100, { al: al(0.9) }))).toEqual(upTo(100));
    expect(candidates("random", request(100, { al: al(100) }))).toEqual(upTo(100));
  });

  it("draws from the whole pool alike", () => {
    const times = upTo(20).map(() => 0);
    const trials = 2000;
    for (let trial = 0; trial < trials; trial++) {
      for (const index of candidates("random", request(20, { al: al(5), random: random(trial) }))) times[index]!++;
    }
    // A share of 0.25 with a standard error of 0.0097; five of them.
    for (const count of times) expect(Math.abs(count / trials - 0.25)).toBeLessThan(0.05);
  });
});

describe("naive", () => {
  it("takes what the last scores put first, ties by id", () => {
    expect(candidates("naive", request(100, { al: al(7) }))).toEqual(upTo(7));
    expect(candidates("naive", request(100, { al: al(0.05) }))).toEqual(upTo(10));
    const tied = request(100, { al: al(3), lastScore: (id) => (Number(id.slice(1)) >= 50 ? 1 : 0) });
    expect(candidates("naive", tied)).toEqual([50, 51, 52]);
  });

  it("puts what never had a score before all", () => {
    const lastScore = (id: string) => (id === "e0099" ? undefined : -Number(id.slice(1)));
    expect(candidates("naive", request(100, { al: al(3), lastScore }))).toEqual([0, 1, 99]);
  });

  it("scores the whole pool at the first query, when there are no scores", () => {
    expect(candidates("naive", request(100, { al: al(3), query: 0 }))).toEqual(upTo(100));
  });
});

describe("ups", () => {
  it("scores the whole pool at queries 0, 1, 4 and 8, counted from 0, and at no other", () => {
    const whole = upTo(15).filter((query) => candidates("ups", request(200, { query })).length === 200);
    expect(whole).toEqual([0, 1, 4, 8]);
  });

  it("scores the whole pool at the first query, whatever it is told: there is nothing else to go by", () => {
    const of = request(50, { query: 0, al: al(null, { iters_to_recalc_scores: [] }) });
    expect(candidates("ups", of)).toEqual(upTo(50));
  });

  it("keeps rank i of n with probability exp(-max(0, i/n - gamma) / temperature)", () => {
    const [size, trials] = [20, 4000];
    const ups = { gamma: 0.2, temperature: 0.3 };
    const times = upTo(size).map(() => 0);
    for (let trial = 0; trial < trials; trial++) {
      for (const index of candidates("ups", request(size, { al: al(0.2, ups), random: random(trial) }))) {
        times[index]!++;
      }
    }
    for (const [rank, count] of times.entries()) {
      const p = Math.exp(-Math.max(0, rank / size - ups.gamma) / ups.temperature);
      const tolerance = 5 * Math.sqrt(p * (1 - p) / trials);
      expect(Math.abs(count / trials - p), `rank ${rank}`).toBeLessThanOrEqual(tolerance);
    }
  });

  it("never drops the most useful part", () => {
    for (let trial = 0; trial < 50; trial++) {
      const kept = candidates("ups", request(100, { random: random(trial) }));
      expect(kept.slice(0, 11)).toEqual(upTo(11));
    }
  });

  it("ranks by score, not by place, and what never had one first", () => {
    const lastScore = (id: string) => (id === "e0000" ? undefined : Number(id.slice(1)));
    const kept = candidates("ups", request(100, { lastScore, al: al(null, { temperature: 1e-9 }) }));
    expect(kept).toEqual([0, ...upTo(10).map((index) => 90 + index)]);
  });

  it("takes 5.2 passes over the pool in 15 queries, in place of 15", () => {
    const size = 2000;
    let scored = 0;
    for (let query = 0; query < 15; query++) {
      scored += candidates("ups", request(size, { query, random: random("pass", query) })).length / size;
    }
    // 4 whole passes, and 11 of gamma + temperature = 0.11; the standard error of the sum is below 0.01.
    expect(Math.abs(scored - 5.21)).toBeLessThan(0.05);
  });

  it("says beforehand about how many it will keep", () => {
    const { expectedSize } = subsamplers.get("ups");
    const of = request(2000);
    expect(expectedSize(2000, of) / candidates("ups", of).length).toBeCloseTo(1, 1);
    expect(expectedSize(2000, { ...of, query: 4 })).toBe(2000);
  });
});
