/** What `committee` gives for one row; all in nats. */
export interface CommitteeStats {
  /** Mean over the members of KL(P_c, mean P): BALD, the mutual information of class and member. */
  readonly meanKl: number;
  readonly maxKl: number;
  /** Entropy of the votes; a member votes for its most probable class. */
  readonly voteEntropy: number;
  /** Entropy of the members' mean prediction. */
  readonly consensusEntropy: number;
  /** Mean of the entropies of the members' predictions. */
  readonly meanEntropy: number;
}

/**
 * The oracle, in float64: how far a committee's members differ on one row, from each member's logits, by the definitions.
 *
 * @throws RangeError where a logit is NaN or infinite
 */
export function committeeReference(members: readonly ArrayLike<number>[]): CommitteeStats {
  const predictions = members.map(softmaxOf);
  const classes = predictions[0]!.map((_, index) => index);
  const consensus = classes.map((index) => mean(predictions.map((p) => p[index]!)));
  const divergences = predictions.map((p) =>
    sum(classes.map((index) => p[index]! > 0 ? p[index]! * Math.log(p[index]! / consensus[index]!) : 0))
  );
  const votes = members.map((logits) => Array.from(logits)).map((row) =>
    row.indexOf(row.reduce((a, b) => Math.max(a, b)))
  );
  return {
    meanKl: mean(divergences),
    maxKl: Math.max(...divergences),
    voteEntropy: entropyOf(classes.map((index) => votes.filter((vote) => vote === index).length / votes.length)),
    consensusEntropy: entropyOf(consensus),
    meanEntropy: mean(predictions.map(entropyOf)),
  };
}

/**
 * The oracle, in float64: mean and sample variance of members' predictions of one number.
 *
 * @throws RangeError where a prediction is NaN or infinite
 */
export function committeeVarianceReference(predictions: ArrayLike<number>): { mean: number; variance: number } {
  const values = finite(predictions);
  const centre = mean(values);
  return { mean: centre, variance: sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1) };
}

function softmaxOf(logits: ArrayLike<number>): number[] {
  const row = finite(logits);
  const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const terms = row.map((x) => Math.exp(x - max));
  const total = sum(terms);
  return terms.map((term) => term / total);
}

function entropyOf(p: readonly number[]): number {
  return sum(p.map((each) => each > 0 ? -each * Math.log(each) : 0));
}

function finite(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  if (!all.every(Number.isFinite)) throw new RangeError("a value is NaN or infinite");
  return all;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
