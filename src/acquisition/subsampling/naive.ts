import { byLastScore, countOf, inPoolOrder, type Subsampler } from "./subsampler.ts";

/** Scores the k, or the fraction of the training set, that the last scores put first; the whole pool where it has none yet. */
export const naive: Subsampler = {
  name: "naive",
  candidates: (request) => {
    const { pool, trainingSize, query, al } = request;
    if (query === 0) return pool;
    const k = countOf(al.gamma_or_k_confident_to_save ?? pool.length, trainingSize);
    return inPoolOrder(pool, byLastScore(request).slice(0, k));
  },
  expectedSize: (poolSize, { trainingSize, query, al }) =>
    query === 0 ? poolSize : Math.min(poolSize, countOf(al.gamma_or_k_confident_to_save ?? poolSize, trainingSize)),
};
