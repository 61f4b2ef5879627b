import type { Interval } from "./bootstrap.ts";
import type { Relation } from "./curve.ts";
import type { Verdict } from "./verdict.ts";

/** One acquisition model in a group, in the words of `reu --json`. Areas are in the unit of {@link aulc}. */
export interface ReuRow {
  readonly dataset: string;
  readonly successor: string;
  readonly acquisition: string;
  readonly strategy: string;
  readonly metric: string;
  /** null where neither the file nor its other columns tell. */
  readonly relation: Relation | null;
  /** Those that random, self and ASM share; only they are used. */
  readonly seeds: readonly string[];
  /** Points of each curve that are used: the warm start, then one a query. */
  readonly points: number;
  readonly aulc_random: number;
  readonly aulc_self: number;
  readonly aulc_asm: number;
  readonly self_minus_random: number;
  readonly self_minus_random_interval: Interval | null;
  readonly asm_minus_random: number;
  readonly asm_minus_random_interval: Interval | null;
  readonly asm_minus_self: number;
  readonly asm_minus_self_interval: Interval | null;
  /** The formula's number; null only where its denominator is 0. */
  readonly reu: number | null;
  /** Over the resamples whose denominator is positive. null with fewer than two seeds, or where self does not beat random. */
  readonly reu_interval: Interval | null;
  readonly verdict: Verdict;
  /** How many times the seeds were drawn again; 0 with fewer than two seeds. */
  readonly resamples: number;
  /** In how many of them self-selection did not beat random, so that REU has no meaning there. */
  readonly resamples_undefined: number;
}

/** Self-selection against random, which is worth knowing before any ASM run is. */
export interface SelfSelection {
  readonly seeds: readonly string[];
  readonly points: number;
  readonly aulc_random: number;
  readonly aulc_self: number;
  readonly self_minus_random: number;
  readonly self_minus_random_interval: Interval | null;
}

/** A distilled acquisition model against a mismatched one: a difference of areas, which has no denominator to fail. */
export interface Contrast {
  readonly distilled: string;
  readonly mismatched: string;
  readonly seeds: readonly string[];
  readonly points: number;
  readonly distilled_minus_mismatched: number;
  readonly distilled_minus_mismatched_interval: Interval | null;
}

/** What one REU table shows: the runs of one successor on one data set, with one strategy, by one metric. */
export interface ReuGroup {
  readonly dataset: string;
  readonly successor: string;
  readonly strategy: string;
  readonly metric: string;
  /** Baselines first, then distilled, mismatched, not given; each by name. */
  readonly rows: readonly ReuRow[];
  /** null where random or self has no curve yet. */
  readonly selfSelection: SelfSelection | null;
  readonly contrasts: readonly Contrast[];
  /** What a reader must know of how the numbers came about: seeds left out, curves cut, what is missing. */
  readonly notices: readonly string[];
}
