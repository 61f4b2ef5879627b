import type { Scorer } from "../strategy.ts";

/** Maximum Normalised Log-Probability (Shen et al., 2017): minus the mean over an example's tokens of the largest log-probability. */
export const mnlp: Scorer = {
  name: "mnlp",
  needs: ["tokenStats"],
  score: async ({ model, candidates, control }) =>
    (await model.tokenStats(candidates, control)).maxLogProbability.mean.map((mean) => -mean),
};
