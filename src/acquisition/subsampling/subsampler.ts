import type { Example } from "../../data/example.ts";
import type { Random } from "../../random.ts";

/** What a subsampler may look at. */
export interface SubsamplingRequest {
  /** Unlabelled examples, sorted by id. */
  readonly pool: readonly Example[];
  /** How many examples the training set has: what fractions are of. */
  readonly trainingSize: number;
  /** The last known score of an example, larger = more useful; undefined where it never had one. */
  lastScore(id: string): number | undefined;
  /** The query's number, counted from 0. */
  readonly query: number;
  /** Keyed by seed and round. */
  readonly random: Random;
  readonly al: {
    readonly gamma_or_k_confident_to_save: number | null;
    readonly ups: {
      readonly gamma: number;
      readonly temperature: number;
      readonly iters_to_recalc_scores: readonly number[];
    };
  };
}

/** Chooses the part of the pool that is scored. */
export interface Subsampler {
  readonly name: string;
  /** A part of the pool, in its order. */
  candidates(request: SubsamplingRequest): readonly Example[];
  /** About how many examples of a pool of `poolSize` that part will have, for an estimate. */
  expectedSize(poolSize: number, request: Pick<SubsamplingRequest, "trainingSize" | "query" | "al">): number;
}

/** `p_or_n` as a count: below 1 a fraction of `total`, else itself. */
export function countOf(fractionOrCount: number, total: number): number {
  return fractionOrCount < 1 ? Math.max(1, Math.round(fractionOrCount * total)) : fractionOrCount;
}

/** The pool by the last known scores, the most useful first; examples that never had one come before all, ties by id. */
export function byLastScore({ pool, lastScore }: SubsamplingRequest): Example[] {
  const known = new Map(pool.map((example) => [example, lastScore(example.id) ?? Infinity]));
  return [...pool].sort((a, b) => {
    const [scoreA, scoreB] = [known.get(a)!, known.get(b)!];
    return scoreA === scoreB ? (a.id < b.id ? -1 : 1) : scoreB - scoreA;
  });
}

export function inPoolOrder(pool: readonly Example[], chosen: readonly Example[]): Example[] {
  const members = new Set(chosen);
  return pool.filter((example) => members.has(example));
}
