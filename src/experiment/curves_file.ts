import { formatCurves } from "../evaluation/format_curves.ts";
import { type Files, readText, writeText } from "../host.ts";
import { curveOf } from "./curve_of.ts";
import { readJournal } from "./read_journal.ts";
import { runFolder, type RunSpec } from "./run_loop.ts";

/** `curves.csv` of a run directory, in the order of the plan, whichever of its runs goes on. */
export class CurvesFile {
  /** By run. */
  readonly #scores = new Map<string, number[]>();

  constructor(readonly files: Files, readonly runs: readonly RunSpec[]) {}

  /** The next point of a run's curve. */
  add(spec: RunSpec, score: number): void {
    this.#scores.set(nameOf(spec), [...(this.#scores.get(nameOf(spec)) ?? []), score]);
  }

  /** Takes up what the journals of runs say that are not going on now. */
  async load(specs: readonly RunSpec[]): Promise<void> {
    for (const spec of specs) {
      const folder = runFolder(this.files, spec.config.name, spec.seed);
      const bytes = await folder.read("journal.jsonl");
      const { events } = bytes ? readJournal(bytes, folder.describe("journal.jsonl")) : { events: [] };
      for (const event of events) if (event.event === "evaluate") this.add(spec, event.metrics[spec.config.metric]!);
    }
  }

  write(): Promise<void> {
    return writeText(this.files, "curves.csv", this.#text());
  }

  /** A process that died between an evaluation and its point of the curve left an older file. */
  async writeIfOlder(): Promise<void> {
    if (await readText(this.files, "curves.csv") !== this.#text()) await this.write();
  }

  #text(): string {
    return formatCurves(this.runs.flatMap((spec) => {
      const scores = this.#scores.get(nameOf(spec));
      return scores ? [curveOf(spec, scores)] : [];
    }));
  }
}

function nameOf({ config, seed }: RunSpec): string {
  return `${config.name}/${seed}`;
}
