import type { Scorer } from "../strategy.ts";

/** Query by committee (McCallum & Nigam, 1998): the mean over a committee of trained models of KL(its prediction, the consensus). */
export const qbcKl: Scorer = {
  name: "qbc_kl",
  needs: ["committee"],
  score: async ({ model, candidates, control }) => (await model.committee(candidates, control)).meanKl,
};
