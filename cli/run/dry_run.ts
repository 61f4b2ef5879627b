import type { ResolvedPlan } from "../../src/config/plan.ts";
import { printPlan } from "../../src/config/print.ts";
import { countTrainings } from "../../src/experiment/count_trainings.ts";
import { estimate } from "../../src/experiment/estimate.ts";
import { missingParts } from "../../src/experiment/missing.ts";
import { prepare } from "../../src/experiment/prepare.ts";
import type { Io } from "../command.ts";
import { denoClock } from "../host/deno_clock.ts";
import { type GpuChoice, openGpu } from "../host/open_gpu.ts";
import { sourcesOf } from "../host/sources.ts";
import { duration } from "./duration.ts";

/** Prints the resolved plan, the trainings that it takes, and an estimate; where a part is not there yet, it says which. */
export async function dryRun(plan: ResolvedPlan, choice: GpuChoice, io: Io): Promise<void> {
  const { experiments, notices } = plan;
  io.out(printPlan(plan));
  for (const notice of notices) io.err(`${notice}\n`);
  const runs = experiments.reduce((sum, { seeds }) => sum + seeds.length, 0);
  io.err(`${runs} runs, ${countTrainings(experiments)} trainings\n`);
  const missing = missingParts(experiments);
  if (missing.length > 0) {
    for (const line of missing) io.err(`cannot run yet: ${line}\n`);
    return;
  }
  const prepared = await prepare(experiments, sourcesOf(io));
  for (const notice of prepared.notices) io.err(`${notice}\n`);
  const gpu = await openGpu(choice);
  io.err(`measuring a few steps on ${gpu.name}${gpu.software ? ", a software adapter" : ""}\n`);
  const { seconds, paces } = await estimate(prepared, denoClock, io.signal);
  for (const [model, { secondsPerStep, secondsPerExample }] of paces) {
    io.err(
      `  ${model}: ${(secondsPerStep * 1000).toFixed(1)} ms a step, ${
        (secondsPerExample * 1000).toFixed(2)
      } ms to score a text\n`,
    );
  }
  io.err(`estimate: ${duration(seconds * 1000)}\n`);
}
