import { countTrainings } from "./count_trainings.ts";
import { CurvesFile } from "./curves_file.ts";
import type { EngineEvent } from "./events.ts";
import type { ExecuteServices } from "./execute.ts";
import { Lane } from "./lane.ts";
import { keyOf, oneRun } from "./one_run.ts";
import { goldOracle } from "./oracle.ts";
import type { PreparedPlan } from "./prepare.ts";
import type { RunSpec } from "./run_loop.ts";
import { Trainings } from "./trainings.ts";
import { WaitingOracle } from "./waiting_oracle.ts";

/**
 * Runs some runs of a plan, of one seed, round by round beside each other, so that their curves grow together. A run ends its turn when
 * what it acquired is labelled, for its next training needs no weights of those before. While it waits for its oracle, which may be a
 * person, the others go on, a round ahead at most. Journals and files are those that one run after another gives.
 *
 * @param chosen some of `plan.runs`, or the same with other oracles
 * @throws Interrupted where the signal has fired; what is on disk is whole
 */
export async function* sideBySide(
  plan: PreparedPlan,
  chosen: readonly RunSpec[],
  { files, clock, signal }: ExecuteServices,
): AsyncGenerator<EngineEvent> {
  const left = new AbortController();
  const trainings = new Trainings(files, clock);
  const curves = new CurvesFile(files, plan.runs);
  const services = {
    ...{ files, clock, trainings, curves },
    signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal,
  };
  const lanes = chosen.map((spec) => {
    // The simulated oracle answers at once.
    const oracle = spec.oracle === goldOracle ? undefined : new WaitingOracle(spec.oracle);
    return new Lane(oneRun(oracle ? { ...spec, oracle } : spec, services), oracle);
  });
  const alone = chosen.map(({ config, seed }) => ({ ...config, seeds: [seed] }));
  const going = new Set(chosen.map(({ config, seed }) => `${config.name}/${seed}`));
  await curves.load(plan.runs.filter(({ config, seed }) => !going.has(`${config.name}/${seed}`)));
  yield { kind: "plan", runs: chosen.map(keyOf), trainings: countTrainings(alone) };
  try {
    yield* inTurns([...lanes]);
    await curves.writeIfOlder();
    yield { kind: "finished" };
  } finally {
    left.abort();
    await Promise.all(lanes.map((lane) => lane.close()));
    trainings.release();
  }
}

async function* inTurns(lanes: Lane[]): AsyncGenerator<EngineEvent> {
  let turn: Lane | undefined;
  while (lanes.length > 0) {
    if (!turn) {
      const behind = Math.min(...lanes.map(({ points }) => points));
      turn = lanes.find(({ isReady, points }) => isReady && points <= behind);
      turn?.takeTurn();
    }
    const { from, event } = await firstEvent(turn, lanes.filter((lane) => lane !== turn && lane.waits));
    if (event) yield event;
    if (from.ended) lanes.splice(lanes.indexOf(from), 1);
    if (from === turn && (from.ended || from.turnEnded || from.waits)) turn = undefined;
  }
}

/** The next event of the lane whose turn it is, or of one that waits for its oracle; none where one begins to wait, or is ready. */
async function firstEvent(
  turn: Lane | undefined,
  waiting: readonly Lane[],
): Promise<{ readonly from: Lane; readonly event: EngineEvent | undefined }> {
  const lanes = turn ? [turn, ...waiting] : waiting;
  const from = await Promise.race(
    lanes.flatMap((lane) => [lane.next(), lane.changes()].map((heard) => heard.then(() => lane))),
  );
  return { from, event: from.take() };
}
