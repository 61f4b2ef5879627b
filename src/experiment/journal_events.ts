/**
 * What a run's journal records: one JSON object a line, in this order. Together with `trainings/` and the score files it is
 * all that resuming needs. Examples are named by id.
 */
export type JournalEvent =
  | { readonly event: "warm_start"; readonly round: 0; readonly ids: readonly string[] }
  | { readonly event: "train"; readonly round: number; readonly role: Role; readonly training: string }
  | {
    readonly event: "score";
    readonly round: number;
    /** How many examples were scored. */
    readonly scored: number;
    /** The scores, beside the journal: ids and float32. */
    readonly file: string;
    readonly seconds: number;
  }
  | {
    readonly event: "acquire";
    readonly round: number;
    readonly ids: readonly string[];
    /** The score of each id; null where the strategy gives none (random). */
    readonly scores: readonly (number | null)[];
  }
  | {
    readonly event: "label";
    readonly round: number;
    readonly id: string;
    /** null: declined, or undone. The last event for an id wins. */
    readonly label: string | null;
    /** Who labelled: "gold" for the simulated oracle. */
    readonly by: string;
    /** ISO 8601; null for the simulated oracle, whose labels were there before. */
    readonly at: string | null;
  }
  | {
    readonly event: "evaluate";
    readonly round: number;
    readonly training: string;
    readonly metrics: Readonly<Record<string, number>>;
  };

/** What a model is trained for in a run. */
export type Role = "acquisition" | "successor";
