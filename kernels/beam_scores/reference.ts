/** What `beam_scores` gives for one example. */
export interface BeamScores {
  /** sum / length^penalty of each hypothesis; LOWEST where there is none. */
  readonly scores: number[];
  /** The sequence score: the best of them; LOWEST where there is none. */
  readonly best: number;
  readonly mean: number;
  /** With divisor n - 1; 0 where n < 2. */
  readonly variance: number;
  readonly count: number;
}

const LOWEST = Math.fround(-3.402823e38);

/**
 * The oracle, in float64: length-normalised scores of one example's hypotheses, as Hugging Face's beam search ranks them.
 *
 * @throws RangeError where the sum of a hypothesis is NaN or infinite
 */
export function beamScoresReference(
  sums: ArrayLike<number>,
  lengths: ArrayLike<number>,
  penalty: number,
): BeamScores {
  const scores = Array.from(sums, (sum, hypothesis) => {
    if (lengths[hypothesis] === 0 || sum === LOWEST) return LOWEST;
    if (!Number.isFinite(sum)) throw new RangeError("a sum of log-probabilities is NaN or infinite");
    return sum / lengths[hypothesis]! ** penalty;
  });
  const real = scores.filter((score) => score !== LOWEST);
  const count = real.length;
  if (count === 0) return { scores, best: LOWEST, mean: LOWEST, variance: 0, count };
  const mean = real.reduce((total, score) => total + score, 0) / count;
  const squares = real.reduce((total, score) => total + (score - mean) ** 2, 0);
  return { scores, best: Math.max(...real), mean, variance: count < 2 ? 0 : squares / (count - 1), count };
}
