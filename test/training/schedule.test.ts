import { expect, it } from "vitest";
import { linearSchedule } from "../../src/training/schedule.ts";

function schedule(steps: number, warmup: number): number[] {
  return Array.from({ length: steps }, (_, step) => Number(linearSchedule(step, steps, warmup).toFixed(6)));
}

it.each([
  ["a quarter of the steps rise, then it falls to the last step's share", 8, 0.25, [
    0,
    1 / 2,
    1,
    5 / 6,
    4 / 6,
    3 / 6,
    2 / 6,
    1 / 6,
  ]],
  ["a part of a step counts as a step", 5, 0.3, [0, 1 / 2, 1, 2 / 3, 1 / 3]],
  ["without warm-up it begins at the full rate", 4, 0, [1, 3 / 4, 2 / 4, 1 / 4]],
  ["with nothing but warm-up it never falls", 4, 1, [0, 1 / 4, 2 / 4, 3 / 4]],
  ["one step without warm-up is a whole one", 1, 0, [1]],
])("linear warm-up and decay: %s", (_what, steps, warmup, wanted) => {
  expect(schedule(steps, warmup)).toEqual(wanted.map((factor) => Number(factor.toFixed(6))));
});

it("the schedule has ended at the last step", () => expect(linearSchedule(10, 10, 0.1)).toBe(0));
