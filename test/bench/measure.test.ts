import { describe, expect, it } from "vitest";
import { compare, type Effort, median, type Side } from "../../bench/measure.ts";

/** Sides whose work takes as long as it is told to, by a clock of its own; `fixed` is what any sample costs besides. */
function workshop(fixed: number) {
  let clock = 0;
  const log: string[] = [];
  const side = (name: string, cost: (run: number) => number): Side => {
    let runs = 0;
    return {
      name,
      run(times) {
        log.push(`${name} ${times}`);
        clock += fixed + cost(runs++) * times;
        return Promise.resolve();
      },
    };
  };
  return { side, log, now: () => clock, empty: side("empty", () => 0) };
}

const effort: Effort = { budget: 1000, leastRounds: 3, mostRounds: 9, leastSample: 10 };

describe("a comparison", () => {
  it("gives what each side takes by itself, without the cost of a submission", async () => {
    const { side, empty, now } = workshop(11);
    const sides = [side("ours", () => 2), side("stock", () => 40)];
    const { timings, empty: fixed } = await compare(sides, empty, effort, now);
    expect(timings).toEqual([{ name: "ours", median: 2 }, { name: "stock", median: 40 }]);
    expect(fixed).toBe(11);
  });

  it("repeats short work within a sample, and lets the sides take turns", async () => {
    const { side, empty, now, log } = workshop(1);
    await compare([side("a", () => 2), side("b", () => 30)], empty, effort, now);
    const rounds = log.slice(log.indexOf("a 5"));
    expect(rounds.slice(0, 5)).toEqual(["a 5", "b 1", "empty 1", "a 5", "b 1"]);
  });

  it("takes medians, so that one slow sample does not count", async () => {
    const { side, empty, now } = workshop(5);
    const { timings } = await compare([side("a", (run) => run === 4 ? 900 : 20)], empty, effort, now);
    expect(timings[0]!.median).toBe(20);
  });

  it("warms a side before each sample, off the clock", async () => {
    const { side, empty, now, log } = workshop(5);
    const warmed = side("a", () => 20);
    const { timings, rounds } = await compare([{ ...warmed, warm: () => warmed.run(7) }], empty, effort, now);
    expect(timings[0]!.median).toBe(20);
    // Once before the trial that tells how often to repeat, and once a round.
    expect(log.filter((entry) => entry === "a 7")).toHaveLength(1 + rounds);
  });

  it("keeps the first, cold run out", async () => {
    const { side, empty, now } = workshop(5);
    const { timings } = await compare([side("a", (run) => run === 0 ? 5000 : 20)], empty, effort, now);
    expect(timings[0]!.median).toBe(20);
  });

  it("takes off a side what an empty sample of its own costs, where it has one", async () => {
    const near = workshop(11);
    const far: Side = { name: "empty, far", run: () => near.side("nothing", () => 20).run(1) };
    const sides = [near.side("ours", () => 2), { ...near.side("far", () => 60), empty: far }];
    const { timings, empty: fixed } = await compare(sides, near.empty, effort, near.now);
    // The far side repeats its work once a sample: 11 + 60, of which an empty one is 11 + 20.
    expect(timings).toEqual([{ name: "ours", median: 2 }, { name: "far", median: 40 }]);
    expect(fixed).toBe(11);
  });

  it.each([[1, 9], [150, 5], [5000, 3]])("of work of %i ms takes %i rounds", async (cost, rounds) => {
    const { side, empty, now } = workshop(10);
    expect((await compare([side("a", () => cost)], empty, effort, now)).rounds).toBe(rounds);
  });

  it("never gives a time of nothing: what cannot be told from an empty submission is a microsecond", async () => {
    const { side, empty, now } = workshop(10);
    expect((await compare([side("a", () => 0)], empty, effort, now)).timings[0]!.median).toBe(0.001);
  });
});

describe("the median", () => {
  it("is the middle, or the mean of the two in the middle, in whatever order", () => {
    expect(median([5, 1, 100])).toBe(5);
    expect(median([4, 1, 100, 2])).toBe(3);
  });
});
