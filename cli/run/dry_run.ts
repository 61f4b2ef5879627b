import type { ResolvedPlan } from "../../src/config/plan.ts";
import { printPlan } from "../../src/config/print.ts";
import { Failure, InputError } from "../../src/errors.ts";
import { countTrainings } from "../../src/experiment/count_trainings.ts";
import { dataSizes, sizesOf } from "../../src/experiment/data_sizes.ts";
import { type Estimate, estimate } from "../../src/experiment/estimate.ts";
import { missingParts } from "../../src/experiment/missing.ts";
import { prepare } from "../../src/experiment/prepare.ts";
import type { Io } from "../command.ts";
import { denoClock } from "../host/deno_clock.ts";
import { type GpuChoice, openGpu } from "../host/open_gpu.ts";
import { sourcesOf } from "../host/sources.ts";
import { duration } from "./duration.ts";
import { megabytes } from "./megabytes.ts";
import { sizeLines } from "./sizes.ts";

/**
 * Prints the resolved plan, how large it is, and an estimate of its time and memory from a few measured steps; where a part is not there
 * yet, it says which.
 */
export async function dryRun(plan: ResolvedPlan, choice: GpuChoice, io: Io): Promise<void> {
  const { experiments, notices } = plan;
  const told = new Set<string>();
  /** Once: what is known of data is said with their sizes, too. */
  const tell = (line: string) => {
    if (!told.has(line)) io.err(`${line}\n`);
    told.add(line);
  };
  io.out(printPlan(plan));
  notices.forEach(tell);
  const runs = experiments.reduce((sum, { seeds }) => sum + seeds.length, 0);
  tell(`${runs} runs, ${countTrainings(experiments)} trainings`);
  const missing = missingParts(experiments);
  const sources = sourcesOf(io);
  if (missing.length > 0) {
    try {
      (await sizeLines(experiments, (config) => dataSizes(config, sources))).forEach(tell);
    } catch (thrown) {
      // A plan that cannot run yet is still worth reading.
      if (!(thrown instanceof InputError || thrown instanceof Failure)) throw thrown;
      tell(`its size is not known: ${thrown.message}`);
    }
    for (const line of missing) tell(`cannot run yet: ${line}`);
    return;
  }
  const prepared = await prepare(experiments, sources);
  for (const notice of prepared.notices) tell(notice);
  const dataOf = new Map(prepared.runs.map(({ config, data }) => [config, data]));
  (await sizeLines(experiments, (config) => sizesOf(dataOf.get(config)!))).forEach(tell);
  const gpu = await openGpu(choice);
  tell(`measuring a few steps on ${gpu.name}${gpu.software ? ", a software adapter" : ""}`);
  for (const line of estimateLines(await estimate(prepared, denoClock, io.signal))) tell(line);
}

function estimateLines({ seconds, paces }: Estimate): string[] {
  const bytes = [...paces.values()].flatMap(({ gpuBytes }) => gpuBytes ?? []);
  return [
    ...[...paces].map(([model, { secondsPerStep, secondsPerExample, gpuBytes }]) =>
      [
        `  ${model}: ${(secondsPerStep * 1000).toFixed(1)} ms a step`,
        `${(secondsPerExample * 1000).toFixed(2)} ms to score a text`,
        ...(gpuBytes === undefined ? [] : [`${megabytes(gpuBytes)} of GPU memory with the longest texts`]),
      ].join(", ")
    ),
    `estimate: ${duration(seconds * 1000)}${
      bytes.length === 0 ? "" : `, ${megabytes(Math.max(...bytes))} of GPU memory`
    }`,
  ];
}
