import { Interrupted } from "../errors.ts";
import type { Clock, Files } from "../host.ts";
import type { CurvesFile } from "./curves_file.ts";
import type { EngineEvent, RunKey } from "./events.ts";
import { Journal } from "./journal.ts";
import { runFolder, runLoop, type RunSpec } from "./run_loop.ts";
import type { Trainings } from "./trainings.ts";

export interface OneRunServices {
  /** The run directory. */
  readonly files: Files;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly trainings: Trainings;
  readonly curves: CurvesFile;
}

/**
 * One run of a plan in its directory, or what is left of it.
 *
 * @throws Interrupted where the signal has fired; what is on disk is whole
 */
export async function* oneRun(spec: RunSpec, services: OneRunServices): AsyncGenerator<EngineEvent> {
  const { files, clock, signal, trainings, curves } = services;
  const run = keyOf(spec);
  yield { kind: "run_started", run, rounds: spec.config.al.num_queries };
  const folder = runFolder(files, spec.config.name, spec.seed);
  const journal = await Journal.open(folder, "journal.jsonl");
  if (journal.torn) {
    const text = `${folder.describe("journal.jsonl")}: its last line was cut short by a crash and has been dropped`;
    yield { kind: "run", run, event: { kind: "notice", text } };
  }
  for await (
    const event of runLoop(spec, { journal, files: folder, trainings, clock, ...(signal ? { signal } : {}) })
  ) {
    if (event.kind === "journal" && event.event.event === "evaluate") {
      curves.add(spec, event.event.metrics[spec.config.metric]!);
      if (!event.replayed) await curves.write();
    }
    yield { kind: "run", run, event };
    if (signal?.aborted) throw new Interrupted();
  }
  journal.requireReplayed();
  yield { kind: "run_finished", run };
}

export function keyOf({ config, seed }: RunSpec): RunKey {
  return { experiment: config.name, seed };
}
