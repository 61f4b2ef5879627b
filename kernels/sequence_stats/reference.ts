import { rowStatsReference } from "../row_stats/reference.ts";

/** What `sequence_stats` gives of one quantity over the real tokens of a sequence; all 0 where it has none. */
export interface OverTokens {
  readonly sum: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export interface SequenceStats {
  /** log p of a token's most probable class. The mean is MNLP. */
  readonly maxLogProbability: OverTokens;
  /** In nats. */
  readonly entropy: OverTokens;
  /** p of a token's most probable class minus p of the runner-up. */
  readonly margin: OverTokens;
  /** How many tokens are real. */
  readonly tokens: number;
}

/**
 * The oracle, in float64: row statistics of each real token, then their sum, mean, minimum and maximum. Logits of other tokens
 * are never looked at.
 *
 * @throws RangeError where a logit of a real token is NaN or infinite
 */
export function sequenceStatsReference(
  logits: readonly ArrayLike<number>[],
  isReal: (token: number) => boolean,
): SequenceStats {
  const rows = logits.filter((_, token) => isReal(token)).map((row) => rowStatsReference(row));
  return {
    maxLogProbability: overTokens(rows.map((row) => row.maxLogProbability)),
    entropy: overTokens(rows.map((row) => row.entropy)),
    margin: overTokens(rows.map((row) => row.margin)),
    tokens: rows.length,
  };
}

function overTokens(values: readonly number[]): OverTokens {
  if (values.length === 0) return { sum: 0, mean: 0, min: 0, max: 0 };
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    sum,
    mean: sum / values.length,
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
  };
}
