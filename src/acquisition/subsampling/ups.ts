import { byLastScore, inPoolOrder, type Subsampler } from "./subsampler.ts";

/**
 * Unlabelled pool subsampling: with rank 0 = the most useful by the last scores, example i of n is scored again with probability
 * exp(-max(0, rank_i / n - gamma) / temperature). Some queries, counted from 0, score the whole pool.
 *
 * @see Tsvigun et al., Towards Computationally Feasible Deep Active Learning, 2022
 */
export const ups: Subsampler = {
  name: "ups",
  candidates: (request) => {
    const { pool, query, random, al: { ups: { gamma, temperature, iters_to_recalc_scores } } } = request;
    if (query === 0 || iters_to_recalc_scores.includes(query)) return pool;
    const kept = byLastScore(request).filter((_, rank) => {
      const beyond = Math.max(0, rank / pool.length - gamma);
      return random.uniform() < Math.exp(-beyond / temperature);
    });
    return inPoolOrder(pool, kept);
  },
  expectedSize: (poolSize, { query, al: { ups: { gamma, temperature, iters_to_recalc_scores } } }) =>
    query === 0 || iters_to_recalc_scores.includes(query)
      ? poolSize
      : Math.min(1, gamma + temperature * (1 - Math.exp(-(1 - gamma) / temperature))) * poolSize,
};
