/** How an acquisition model relates to the successor that learns from its picks. */
export type Relation = "random" | "self" | "distilled" | "mismatched";

/** A learning curve: a row of `curves.csv`, in that file's words. */
export interface Curve {
  readonly dataset: string;
  readonly successor: string;
  readonly acquisition: string;
  /** Absent in files that do not have the column. */
  readonly relation?: Relation;
  readonly al_type: "one" | "asm";
  readonly strategy: string;
  /** "0", "1", ...; "mean" where only an average over seeds is known. */
  readonly seed: string;
  readonly metric: string;
  /** One value a round; the first is the warm start's. */
  readonly scores: readonly number[];
}
