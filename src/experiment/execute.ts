import { Interrupted } from "../errors.ts";
import type { Curve } from "../evaluation/curve.ts";
import { formatCurves } from "../evaluation/curves_csv.ts";
import { type Clock, type Files, readText, writeText } from "../host.ts";
import { countTrainings } from "./count_trainings.ts";
import type { EngineEvent } from "./events.ts";
import { Journal } from "./journal.ts";
import type { PreparedPlan } from "./prepare.ts";
import { relationOf } from "./relation_of.ts";
import { runFolder, runLoop, type RunSpec } from "./run_loop.ts";
import { Trainings } from "./trainings.ts";

export interface ExecuteServices {
  /** The run directory. */
  readonly files: Files;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Runs a plan, or what is left of it, and keeps `curves.csv` up to date. Its events are the one account of what happens; a
 * consumer that stops asking for them pauses it. A finished plan is only replayed, which needs no GPU.
 *
 * @throws Interrupted where the signal has fired; what is on disk is whole
 */
export async function* execute(plan: PreparedPlan, services: ExecuteServices): AsyncGenerator<EngineEvent> {
  const { files, clock, signal } = services;
  const trainings = new Trainings(files, clock);
  const curves = new Map<RunSpec, Curve>();
  yield {
    kind: "plan",
    runs: plan.runs.map(keyOf),
    trainings: countTrainings([...new Set(plan.runs.map(({ config }) => config))]),
  };
  let seed: number | undefined;
  try {
    for (const spec of plan.runs) {
      if (spec.seed !== seed) trainings.release();
      seed = spec.seed;
      const run = keyOf(spec);
      yield { kind: "run_started", run, rounds: spec.config.al.num_queries };
      const folder = runFolder(files, spec.config.name, spec.seed);
      const journal = await Journal.open(folder, "journal.jsonl");
      if (journal.torn) {
        const text = `${folder.describe("journal.jsonl")}: its last line was cut short by a crash and has been dropped`;
        yield { kind: "run", run, event: { kind: "notice", text } };
      }
      const scores: number[] = [];
      for await (
        const event of runLoop(spec, { journal, files: folder, trainings, clock, ...(signal ? { signal } : {}) })
      ) {
        if (event.kind === "journal" && event.event.event === "evaluate") {
          scores.push(event.event.metrics[spec.config.metric]!);
          curves.set(spec, curveOf(spec, scores));
          if (!event.replayed) await writeText(files, "curves.csv", formatCurves([...curves.values()]));
        }
        yield { kind: "run", run, event };
        if (signal?.aborted) throw new Interrupted();
      }
      journal.requireReplayed();
      yield { kind: "run_finished", run };
    }
    // A process that died between an evaluation and its point of the curve left an older file.
    const text = formatCurves([...curves.values()]);
    if (await readText(files, "curves.csv") !== text) await writeText(files, "curves.csv", text);
    yield { kind: "finished" };
  } finally {
    trainings.release();
  }
}

function keyOf({ config, seed }: RunSpec) {
  return { experiment: config.name, seed };
}

function curveOf({ config, seed, data }: RunSpec, scores: readonly number[]): Curve {
  return {
    dataset: data.name,
    successor: config.successor_model.name,
    acquisition: config.acquisition_model.name,
    relation: relationOf(config),
    al_type: config.al_type,
    strategy: config.al.strategy,
    seed: String(seed),
    metric: config.metric,
    scores: [...scores],
  };
}
