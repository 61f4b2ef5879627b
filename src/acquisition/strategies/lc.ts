import type { Scorer } from "../strategy.ts";

/** Least confidence (Lewis & Gale, 1994): 1 - p of the most probable class. */
export const lc: Scorer = {
  name: "lc",
  needs: ["rowStats"],
  score: async ({ model, candidates, control }) => (await model.rowStats(candidates, control)).leastConfidence,
};
