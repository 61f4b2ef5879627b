import type { Arguments } from "./arguments.ts";
import type { DefaultEntry } from "./defaults_list.ts";
import type { Section } from "./node.ts";

/** A plan file, taken apart, with what the command line adds. */
export interface PlanForm {
  /** Its text, for the lines within a folded `args`. */
  readonly text: string;
  readonly entries: readonly DefaultEntry[];
  /** Its own keys, without `defaults`, `tasks` and what concerns the launcher. */
  readonly own: Section;
  readonly commandLine: Arguments;
}

/** An experiment that is composed but not yet checked. */
export interface DraftExperiment {
  readonly place: string;
  readonly tree: Section;
  /** Keys that only concern the launcher. */
  readonly unused: readonly string[];
}
