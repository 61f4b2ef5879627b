import type { Curve } from "../evaluation/curve.ts";
import type { JournalEvent } from "../experiment/journal_events.ts";
import type { PlanRecord, TrainingRecord } from "../experiment/records.ts";

/** What a report is made of: a run directory, read. An unfinished run has less of it. */
export interface ReportData {
  readonly plan: PlanRecord;
  readonly curves: readonly Curve[];
  readonly runs: readonly RunJournal[];
  /** By hash. */
  readonly trainings: ReadonlyMap<string, TrainingRecord>;
  /** What was found amiss while reading, for the reader to know. */
  readonly notices: readonly string[];
}

/** One seed of one experiment. */
export interface RunJournal {
  /** The name of an experiment of the plan. */
  readonly experiment: string;
  readonly seed: number;
  readonly events: readonly JournalEvent[];
}
