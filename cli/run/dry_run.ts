import type { ResolvedPlan } from "../../src/config/plan.ts";
import { printPlan } from "../../src/config/print.ts";
import { countTrainings } from "../../src/experiment/count_trainings.ts";
import { missingParts } from "../../src/experiment/missing.ts";
import { prepare } from "../../src/experiment/prepare.ts";
import type { Io } from "../command.ts";
import { assets } from "../host/assets.ts";
import type { GpuChoice } from "../host/open_gpu.ts";
import { userFiles } from "../host/user_files.ts";

/** Prints the resolved plan, the trainings that it takes, and an estimate; where a part is not there yet, it says which. */
export async function dryRun(plan: ResolvedPlan, _choice: GpuChoice, io: Io): Promise<void> {
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
  const prepared = await prepare(experiments, { assets, userFiles: userFiles(io.cwd) });
  for (const notice of prepared.notices) io.err(`${notice}\n`);
}
