/** What `row_stats` gives for one row. */
export interface RowStats {
  /** 1 - p of the most probable class. */
  readonly leastConfidence: number;
  /** p of the most probable class minus p of the runner-up; 1 where there is one class. */
  readonly margin: number;
  /** In nats. */
  readonly entropy: number;
  /** log p of the most probable class: MNLP's summand. */
  readonly maxLogProbability: number;
}

/**
 * The oracle, in float64: softmax statistics of one row of logits, by their definitions. Zero probabilities add nothing to
 * the entropy.
 *
 * @throws RangeError where a logit is NaN or infinite
 */
export function rowStatsReference(logits: ArrayLike<number>): RowStats {
  const row = Array.from(logits);
  if (!row.every(Number.isFinite)) throw new RangeError("a logit is NaN or infinite");
  // Not Math.max(...row): a row of a vocabulary is more arguments than a call takes.
  const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const terms = row.map((x) => Math.exp(x - max));
  const sum = terms.reduce((total, term) => total + term, 0);
  const probabilities = terms.map((term) => term / sum);
  const best = row.indexOf(max);
  const others = probabilities.filter((_, index) => index !== best);
  return {
    leastConfidence: others.reduce((total, p) => total + p, 0),
    margin: probabilities[best]! - others.reduce((a, b) => Math.max(a, b), 0),
    entropy: -row.reduce((total, x, index) => {
      const p = probabilities[index]!;
      return p > 0 ? total + p * (x - max - Math.log(sum)) : total;
    }, 0),
    maxLogProbability: -Math.log(sum),
  };
}
