import type { Scorer } from "../strategy.ts";

/** Entropy of the predicted distribution (Shannon, 1948), in nats. */
export const entropy: Scorer = {
  name: "entropy",
  needs: ["rowStats"],
  score: async ({ model, candidates, control }) => (await model.rowStats(candidates, control)).entropy,
};
