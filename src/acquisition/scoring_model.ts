import type { ScoringStorage } from "../config/schema.ts";
import type { Example } from "../data/example.ts";

/** How a pass over many examples is watched and stopped. */
export interface ScanControl {
  readonly signal?: AbortSignal;
  report(done: number, of: number): Promise<void>;
}

/** The same for a pass that scores, and what it stores the factors of a model's products as; float32 where that is absent. */
export interface ScoringControl extends ScanControl {
  readonly storage?: ScoringStorage;
}

/**
 * All that a model can tell a strategy of examples, in the order given. A strategy names what it needs, and the plan checks that the
 * task gives it. The models of a task give what the task says and need not have the rest.
 */
export interface ScoringModel {
  /** Statistics of the predicted distribution of each example. */
  rowStats(examples: readonly Example[], control: ScoringControl): Promise<RowStats>;
  /** Statistics of the predicted distributions of each example's tokens. */
  tokenStats(examples: readonly Example[], control: ScoringControl): Promise<TokenStats>;
  /** Scores of the hypotheses that beam search finds for each example. */
  beamScores(examples: readonly Example[], control: ScoringControl): Promise<BeamScores>;
  /** How far separately trained models differ on each example. */
  committee(examples: readonly Example[], control: ScoringControl): Promise<CommitteeStats>;
  /** How far `passes` forward passes of one model with dropout differ on each example. */
  dropoutCommittee(examples: readonly Example[], passes: number, control: ScoringControl): Promise<CommitteeStats>;
}

/** A name of what {@link ScoringModel} offers. */
export type Capability = keyof ScoringModel;

/**
 * A model that has some of the capabilities as one that has those that are needed.
 *
 * @throws Error where it has not: the plan has checked that the task promises them, so the task is at fault
 */
export function capable<Need extends Capability>(
  model: Partial<ScoringModel>,
  needs: readonly Need[],
): Pick<ScoringModel, Need> {
  const lacking = needs.find((need) => !model[need]);
  if (lacking) throw new Error(`the model gives no ${lacking}, which its task promised`);
  return model as Pick<ScoringModel, Need>;
}

/** One value an example. */
export interface RowStats {
  readonly leastConfidence: Float32Array;
  /** p of the most probable class minus p of the runner-up. */
  readonly margin: Float32Array;
  /** In nats. */
  readonly entropy: Float32Array;
  readonly maxLogProbability: Float32Array;
}

/** Each quantity of {@link RowStats} over the real tokens of each example. */
export interface TokenStats {
  readonly maxLogProbability: OverTokens;
  /** In nats. */
  readonly entropy: OverTokens;
  readonly margin: OverTokens;
  /** How many real tokens an example has; all else is 0 where it has none. */
  readonly tokens: Int32Array;
}

/** One value an example. */
export interface OverTokens {
  readonly sum: Float32Array;
  readonly mean: Float32Array;
  readonly min: Float32Array;
  readonly max: Float32Array;
}

/** One value an example, over the log-probabilities of its hypotheses, each normalised by the hypothesis's length. */
export interface BeamScores {
  readonly best: Float32Array;
  readonly mean: Float32Array;
  /** Of the sample: 0 where there is one hypothesis. */
  readonly variance: Float32Array;
}

/** One value an example, in nats. With P_c the distribution that member c predicts, and Q the mean of them: */
export interface CommitteeStats {
  /** The mean of KL(P_c, Q). It equals the entropy of Q minus the mean entropy of P_c, which is called BALD. */
  readonly meanKl: Float32Array;
  /** The largest KL(P_c, Q). */
  readonly maxKl: Float32Array;
  /** The entropy of the votes of the members, one each, for the most probable class. */
  readonly voteEntropy: Float32Array;
  /** The entropy of Q. */
  readonly consensusEntropy: Float32Array;
  /** The mean entropy of P_c. */
  readonly meanEntropy: Float32Array;
}
