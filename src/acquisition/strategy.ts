import type { Example } from "../data/example.ts";
import type { Random } from "../random.ts";
import type { Capability, ScoringControl, ScoringModel } from "./scoring_model.ts";

/** What a strategy may look at. */
export interface Query {
  /** What may be picked: the pool, or the part of it that the subsampling left. Sorted by id. */
  readonly candidates: readonly Example[];
  readonly labelled: readonly Example[];
  /** How many to pick. */
  readonly k: number;
  /** Keyed by seed and round. */
  readonly random: Random;
  /** Counts from 1. */
  readonly round: number;
  /** The acquisition model, trained on what is labelled; it has the capabilities that the strategy needs, and maybe no others. */
  readonly model: ScoringModel;
  /** How many passes with dropout a strategy makes that compares such passes. */
  readonly dropoutPasses: number;
  readonly control: ScoringControl;
}

interface StrategyBase {
  readonly name: string;
  /** What it asks of the model. A strategy that needs nothing gets no model, and none is trained for it. */
  readonly needs: readonly Capability[];
}

/** Gives each candidate a score, larger = more useful. The loop takes the best, ties by id. */
export interface Scorer extends StrategyBase {
  /** One score a candidate, in their order. */
  score(query: Query): Promise<Float32Array>;
}

/** Picks the k itself, since what is useful depends on what else is picked. */
export interface Selector extends StrategyBase {
  /** At most k of the candidates, the best first. */
  select(query: Query): Promise<readonly Example[]>;
}

export type Strategy = Scorer | Selector;
