import type { Example } from "../../src/data/example.ts";
import type { RunKey } from "../../src/experiment/events.ts";
import type { JournalEvent } from "../../src/experiment/journal_events.ts";
import { readJournal } from "../../src/experiment/read_journal.ts";
import type { PlanRecord } from "../../src/experiment/records.ts";
import { runFolder } from "../../src/experiment/run_loop.ts";
import type { Files } from "../../src/host.ts";

/** An example that was labelled, by whom and when: a line of `labels.jsonl`. */
export interface LabelRow {
  readonly id: string;
  readonly text: string;
  readonly label: string;
  /** "gold" for the simulated oracle. */
  readonly by: string;
  /** ISO 8601; null for the simulated oracle. */
  readonly at: string | null;
}

/** What was labelled in one run, in the order in which it was. */
export interface LabelledRun {
  readonly run: RunKey;
  readonly rows: readonly LabelRow[];
}

/**
 * The labels of one run of a run directory: of the one that is asked for, else of the first that a person labelled, else of the first
 * whose picks are not random. Undefined where no run has a label yet.
 *
 * @throws InputError where a journal is broken
 */
export async function labelsOf(
  files: Files,
  plan: Pick<PlanRecord, "experiments">,
  examples: readonly Example[],
  asked?: RunKey,
): Promise<LabelledRun | undefined> {
  const runs: { run: RunKey; labels: Label[]; random: boolean }[] = [];
  for (const { name: experiment, seeds, al } of plan.experiments) {
    for (const seed of seeds) {
      if (asked && !(asked.experiment === experiment && asked.seed === seed)) continue;
      const labels = await readLabels(runFolder(files, experiment, seed));
      if (labels.length > 0) runs.push({ run: { experiment, seed }, labels, random: al.strategy === "random" });
    }
  }
  const found = runs.find(({ labels }) => labels.some(({ by }) => by !== "gold")) ??
    runs.find(({ random }) => !random) ?? runs[0];
  if (!found) return undefined;
  const texts = new Map(examples.map(({ id, text }) => [id, text]));
  const rows = found.labels.flatMap(({ id, label, by, at }) => {
    const text = texts.get(id);
    return text === undefined || label === null ? [] : [{ id, text, label, by, at }];
  });
  return { run: found.run, rows };
}

/** One JSON object a line. */
export function labelLines(rows: readonly LabelRow[]): string {
  return rows.map((row) => JSON.stringify(row) + "\n").join("");
}

type Label = Extract<JournalEvent, { event: "label" }>;

/** The last word on each example; those that were declined are left out. */
async function readLabels(run: Files): Promise<Label[]> {
  const bytes = await run.read("journal.jsonl");
  if (!bytes) return [];
  const labels = new Map<string, Label>();
  for (const event of readJournal(bytes, run.describe("journal.jsonl")).events) {
    if (event.event !== "label") continue;
    labels.delete(event.id);
    if (event.label !== null) labels.set(event.id, event);
  }
  return [...labels.values()];
}
