import type { Scorer } from "../strategy.ts";

/**
 * Bayesian active learning by disagreement (Houlsby et al., 2011) over passes with dropout (Gal et al., 2017): the mutual
 * information of prediction and weights, which is the mean KL of a pass's prediction to the mean prediction.
 */
export const bald: Scorer = {
  name: "bald",
  needs: ["dropoutCommittee"],
  score: async ({ model, candidates, dropoutPasses, control }) =>
    (await model.dropoutCommittee(candidates, dropoutPasses, control)).meanKl,
};
