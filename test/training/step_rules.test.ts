import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepRules } from "../../src/training/step_rules.ts";
import type { BudgetRequest } from "../../src/training/step_rules/step_rule.ts";

/** The thesis's numbers for classification: 10 epochs, at least 350 updates, batches of 16 down to 4. */
const classification: Omit<BudgetRequest, "examples"> = {
  batch_size_args: { batch_size: 16, min_batch_size: 4 },
  epochs: 10,
  min_steps: 350,
  steps: null,
  accumulation: 1,
};
/** And for tagging. */
const tagging = { ...classification, epochs: 15, min_steps: 1000 };

function budget(rule: string, examples: number, request: Omit<BudgetRequest, "examples"> = classification) {
  const { batchSize, epochs, steps } = stepRules.get(rule).budget({ ...request, examples });
  return [batchSize, epochs, steps];
}

/** Batch size, epochs, gradient steps. */
describe("algorithm 1", () => {
  it.each([
    // 49/4 * 10 = 122.5 even at the least size; 12.25 E >= 350 from E = 29; 13 batches an epoch.
    ["1 % of TREC", 49, classification, [4, 29, 377]],
    // 300/8 * 10 = 375; at 9 it was 333.3.
    ["a batch that suffices half-way down", 300, classification, [8, 10, 380]],
    ["enough at once", 1000, classification, [16, 10, 630]],
    ["exactly enough", 560, classification, [16, 10, 350]],
    ["one example", 1, classification, [4, 1400, 1400]],
    // 120/4 * 15 = 450; 30 E >= 1000 from E = 34.
    ["a small tagging set", 120, tagging, [4, 34, 1020]],
    ["a tagging set that suffices", 1067, tagging, [16, 15, 1005]],
    ["a least size above the size", 5, { ...classification, batch_size_args: { batch_size: 2, min_batch_size: 4 } }, [
      2,
      140,
      420,
    ]],
  ])("gives %s what the thesis's pseudocode gives", (_what, examples, request, wanted) => {
    expect(budget("algorithm1", examples, request)).toEqual(wanted);
  });

  it("divides as reals do: 7 examples in batches of 4 are 1.75 of one, not 1 or 2", () => {
    const few = (min_steps: number) => ({ ...classification, epochs: 1, min_steps });
    expect(budget("algorithm1", 7, few(2))[1]).toBe(2);
    expect(budget("algorithm1", 7, few(5))[1]).toBe(3);
  });

  it("refuses to find a number of steps for no examples", () => {
    expect(() => budget("algorithm1", 0)).toThrow(RangeError);
  });
});

describe("the toolbox's rule", () => {
  it.each([
    // 4 batches of 16, 10 epochs: 40 of 350 updates; 16 * 40/350 < 4. 13 batches of 4: 130; E = ceil(10 * 350/130).
    ["1 % of TREC", 49, [4, 27, 351]],
    // 190 of 350; floor(16 * 190/350) = 8; 38 batches, 380 updates.
    ["a batch that suffices half-way down", 300, [8, 10, 380]],
    ["enough at once", 1000, [16, 10, 630]],
    ["one example", 1, [4, 350, 350]],
  ])("gives %s a batch smaller by the ratio, then epochs in proportion", (_what, examples, wanted) => {
    expect(budget("toolbox", examples)).toEqual(wanted);
  });
});

describe("fixed steps", () => {
  it("are taken however many examples there are", () => {
    const request = { ...classification, steps: 40 };
    expect(budget("fixed", 10, request)).toEqual([16, 40, 40]);
    expect(budget("fixed", 100, request)).toEqual([16, 40 / 7, 40]);
    // Seven batches are four steps, the last of one batch.
    expect(budget("fixed", 100, { ...request, accumulation: 2 })).toEqual([16, 10, 40]);
  });

  it("must be given", () => expect(() => budget("fixed", 10)).toThrow("the rule 'fixed' needs training.steps"));
});

describe.each(["algorithm1", "toolbox"])("%s", (rule) => {
  it("takes at least the least number of steps, never with more than the batch or fewer than the epochs asked for", () => {
    const count = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(
        count(3000),
        count(32),
        count(8),
        count(20),
        count(1000),
        (examples, size, least, epochs, min_steps) => {
          const batch_size_args = { batch_size: size, min_batch_size: Math.min(size, least) };
          const result = stepRules.get(rule).budget({
            ...classification,
            examples,
            batch_size_args,
            epochs,
            min_steps,
          });
          expect(result.steps).toBeGreaterThanOrEqual(min_steps);
          expect(result.batchSize).toBeLessThanOrEqual(size);
          expect(result.batchSize).toBeGreaterThanOrEqual(batch_size_args.min_batch_size);
          expect(result.epochs).toBeGreaterThanOrEqual(epochs);
          expect([result.steps, result.batchSize, result.epochs].every(Number.isInteger)).toBe(true);
        },
      ),
    );
  });

  it("counts a step for each accumulated group of batches, the last of an epoch too", () => {
    // 13 batches are 4 groups of at most 4.
    expect(
      budget(rule, 50, {
        ...classification,
        min_steps: 1,
        accumulation: 4,
        epochs: 6,
        batch_size_args: { batch_size: 4, min_batch_size: 4 },
      }),
    )
      .toEqual([4, 6, 24]);
  });
});
