import type { Example } from "../data/example.ts";

/** How a pass over many examples is watched and stopped. */
export interface ScanControl {
  readonly signal?: AbortSignal;
  report(done: number, of: number): Promise<void>;
}

/** What a model can tell a strategy of examples. A strategy names what it needs; the plan checks that the task's models have it. */
export interface ScoringModel {
  /** Statistics of the predicted distribution of each example, in the order given. */
  rowStats(examples: readonly Example[], control: ScanControl): Promise<RowStats>;
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
