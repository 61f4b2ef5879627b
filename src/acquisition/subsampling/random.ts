import { sample } from "../../random.ts";
import { countOf, inPoolOrder, type Subsampler } from "./subsampler.ts";

/** Scores k examples, or a fraction of the training set, drawn uniformly. The thesis's own, section 3.3. */
export const random: Subsampler = {
  name: "random",
  candidates: ({ pool, trainingSize, random: from, al }) => {
    const k = countOf(al.gamma_or_k_confident_to_save ?? pool.length, trainingSize);
    return k >= pool.length ? pool : inPoolOrder(pool, sample(pool, k, from));
  },
  expectedSize: (poolSize, { trainingSize, al }) =>
    Math.min(poolSize, countOf(al.gamma_or_k_confident_to_save ?? poolSize, trainingSize)),
};
