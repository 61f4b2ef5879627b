import type { Scorer } from "../strategy.ts";

/** Token entropy (Settles & Craven, 2008): the mean over an example's tokens of the entropy of what is predicted, in nats. */
export const tokenEntropy: Scorer = {
  name: "token_entropy",
  needs: ["tokenStats"],
  score: async ({ model, candidates, control }) => (await model.tokenStats(candidates, control)).entropy.mean,
};
