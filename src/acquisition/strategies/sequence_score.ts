import type { Scorer } from "../strategy.ts";

/** Sequence score: minus the log-probability, normalised by length, of the best hypothesis that beam search finds. */
export const sequenceScore: Scorer = {
  name: "sequence_score",
  needs: ["beamScores"],
  score: async ({ model, candidates, control }) =>
    (await model.beamScores(candidates, control)).best.map((best) => -best),
};
