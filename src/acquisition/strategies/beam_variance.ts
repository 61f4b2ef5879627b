import type { Scorer } from "../strategy.ts";

/** The variance, over the hypotheses that beam search keeps, of their log-probabilities normalised by length. */
export const beamVariance: Scorer = {
  name: "beam_variance",
  needs: ["beamScores"],
  score: async ({ model, candidates, control }) => (await model.beamScores(candidates, control)).variance,
};
