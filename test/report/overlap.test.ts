import { describe, expect, it } from "vitest";
import type { JournalEvent } from "../../src/experiment/journal_events.ts";
import { acquiredByRound, jaccard, overlapByRound } from "../../src/report/overlap.ts";
import { pickedClasses } from "../../src/report/picked_classes.ts";
import type { RunJournal } from "../../src/report/report_data.ts";

const acquire = (round: number, ...ids: string[]): JournalEvent => ({
  event: "acquire",
  round,
  ids,
  scores: ids.map(() => null),
});
const label = (id: string, label: string | null): JournalEvent => ({
  event: "label",
  round: 1,
  id,
  label,
  by: "gold",
  at: null,
});
const run = (seed: number, ...events: JournalEvent[]): RunJournal => ({ experiment: "e", seed, events });
const warm: JournalEvent = { event: "warm_start", round: 0, ids: ["w"] };

describe("overlap", () => {
  it("is the Jaccard index of all picks so far, without the warm start", () => {
    const a = run(0, warm, acquire(1, "a", "b"), acquire(2, "c", "d"));
    const b = run(0, warm, acquire(1, "b", "x"), acquire(2, "c", "a"));
    expect(overlapByRound([a], [b])).toEqual([1 / 3, 3 / 5]);
  });

  it("averages over the seeds that both have, up to the round that all have reached", () => {
    const a = [run(0, acquire(1, "a"), acquire(2, "b")), run(1, acquire(1, "a")), run(2, acquire(1, "q"))];
    const b = [run(1, acquire(1, "a"), acquire(2, "c")), run(0, acquire(1, "z"), acquire(2, "b"))];
    expect(overlapByRound(a, b)).toEqual([0.5]);
  });

  it("is empty without a seed in common, and 1 of a run with itself", () => {
    expect(overlapByRound([run(0, acquire(1, "a"))], [run(1, acquire(1, "a"))])).toEqual([]);
    const a = run(0, acquire(1, "a", "b"), acquire(2, "c"));
    expect(overlapByRound([a], [a])).toEqual([1, 1]);
    expect(jaccard(new Set(), new Set())).toBe(1);
  });

  it("grows by what each round acquires", () => {
    expect(acquiredByRound(run(0, warm, acquire(1, "a"), acquire(2, "b"))).map((ids) => [...ids])).toEqual([
      ["a"],
      ["a", "b"],
    ]);
  });
});

describe("the classes that were picked", () => {
  it("count by the last label, without the warm start and what was declined", () => {
    const events = [
      ...[warm, label("w", "spam"), acquire(1, "a", "b", "c", "d")],
      ...[
        label("a", "ham"),
        label("b", "ham"),
        label("c", "spam"),
        label("d", "spam"),
        label("b", "spam"),
        label("d", null),
      ],
    ];
    expect(pickedClasses(run(0, ...events))).toEqual(new Map([["ham", 1], ["spam", 2]]));
  });
});
