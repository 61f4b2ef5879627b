import type { Scorer } from "../strategy.ts";

/** Margin sampling (Scheffer et al., 2001): minus the lead of the most probable class over the runner-up. */
export const margin: Scorer = {
  name: "margin",
  needs: ["rowStats"],
  score: async ({ model, candidates, control }) =>
    (await model.rowStats(candidates, control)).margin.map((lead) => -lead),
};
