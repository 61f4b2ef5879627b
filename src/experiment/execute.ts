import type { Clock, Files } from "../host.ts";
import { countTrainings } from "./count_trainings.ts";
import { CurvesFile } from "./curves_file.ts";
import type { EngineEvent } from "./events.ts";
import { keyOf, oneRun } from "./one_run.ts";
import type { PreparedPlan } from "./prepare.ts";
import { Trainings } from "./trainings.ts";

export interface ExecuteServices {
  /** The run directory. */
  readonly files: Files;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Runs a plan, or what is left of it, run after run, and keeps `curves.csv` up to date. Its events are the one account of what
 * happens; a consumer that stops asking for them pauses it. A finished plan is only replayed, which needs no GPU.
 *
 * @throws Interrupted where the signal has fired; what is on disk is whole
 */
export async function* execute(plan: PreparedPlan, services: ExecuteServices): AsyncGenerator<EngineEvent> {
  const { files, clock } = services;
  const trainings = new Trainings(files, clock);
  const curves = new CurvesFile(files, plan.runs);
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
      yield* oneRun(spec, { ...services, trainings, curves });
    }
    await curves.writeIfOlder();
    yield { kind: "finished" };
  } finally {
    trainings.release();
  }
}
