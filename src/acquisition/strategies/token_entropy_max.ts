import type { Scorer } from "../strategy.ts";

/** The entropy of the token of which the model knows least, in nats: one hard token makes a long text useful. */
export const tokenEntropyMax: Scorer = {
  name: "token_entropy_max",
  needs: ["tokenStats"],
  score: async ({ model, candidates, control }) => (await model.tokenStats(candidates, control)).entropy.max,
};
