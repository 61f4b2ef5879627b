import { sample } from "../../random.ts";
import type { Selector } from "../strategy.ts";

/** The baseline: uniformly, without a model. */
export const random: Selector = {
  name: "random",
  needs: [],
  select: ({ candidates, k, random: from }) => Promise.resolve(sample(candidates, k, from)),
};
