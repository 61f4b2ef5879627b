import type { ExperimentConfig } from "../config/schema.ts";
import type { Files } from "../host.ts";
import type { RunKey } from "./events.ts";
import { readJournal } from "./read_journal.ts";
import { runFolder } from "./run_loop.ts";

/** How far one run of a plan is. */
export interface RunStatus extends RunKey {
  /** Rounds evaluated, the warm start included. */
  readonly done: number;
  readonly of: number;
  /** Labels so far. */
  readonly labelled: number;
  /** The last value of the plan's metric; undefined before the first. */
  readonly score: number | undefined;
}

/** Reads the journals of a run directory; nothing is changed. */
export async function statusOf(files: Files, experiments: readonly ExperimentConfig[]): Promise<RunStatus[]> {
  const statuses: RunStatus[] = [];
  for (const config of experiments) {
    for (const seed of config.seeds) {
      const folder = runFolder(files, config.name, seed);
      const bytes = await folder.read("journal.jsonl");
      const events = bytes ? readJournal(bytes, folder.describe("journal.jsonl")).events : [];
      const evaluations = events.flatMap((event) => (event.event === "evaluate" ? [event] : []));
      const labels = new Map(
        events.flatMap((event) => (event.event === "label" ? [[event.id, event.label] as const] : [])),
      );
      statuses.push({
        experiment: config.name,
        seed,
        done: evaluations.length,
        of: config.al.num_queries + 1,
        labelled: [...labels.values()].filter((label) => label !== null).length,
        score: evaluations.at(-1)?.metrics[config.metric],
      });
    }
  }
  return statuses;
}

export function isFinished(statuses: readonly RunStatus[]): boolean {
  return statuses.every(({ done, of }) => done === of);
}
