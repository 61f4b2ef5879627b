import { join, resolve } from "node:path";
import type { ResolvedPlan } from "../../src/config/plan.ts";
import { InputError } from "../../src/errors.ts";
import { execute } from "../../src/experiment/execute.ts";
import { missingParts } from "../../src/experiment/missing.ts";
import { prepare } from "../../src/experiment/prepare.ts";
import { beginPlan, begunPlan, readPlan } from "../../src/experiment/run_directory.ts";
import { isFinished, statusOf } from "../../src/experiment/status.ts";
import type { Io } from "../command.ts";
import { denoClock } from "../host/deno_clock.ts";
import { DenoFiles } from "../host/deno_files.ts";
import { type GpuChoice, openGpu } from "../host/open_gpu.ts";
import { sourcesOf } from "../host/sources.ts";
import { Progress } from "./progress.ts";
import { versions } from "./versions.ts";

/** A run directory that is finished. */
export interface FinishedRun {
  /** As the user would write it. */
  readonly folder: string;
  readonly files: DenoFiles;
  /** Whether it was before this call. */
  readonly before: boolean;
}

/** Runs a plan in its directory, or what is left of it. A finished one needs no GPU. */
export async function runResolved(
  plan: ResolvedPlan,
  out: string | undefined,
  choice: GpuChoice,
  io: Io,
): Promise<FinishedRun> {
  const { experiments, name } = plan;
  const missing = missingParts(experiments);
  if (missing.length > 0) throw new InputError(missing[0]!);
  const folder = out ?? join("runs", name);
  const files = new DenoFiles(resolve(io.cwd, folder));
  const commits = (await readPlan(files))?.commits;
  const prepared = await prepare(experiments, { ...sourcesOf(io), commits });
  const identity = { name, experiments, data: prepared.data, commits: prepared.commits };
  if (await begunPlan(files, identity) && isFinished(await statusOf(files, experiments))) {
    // The process that finished it may have died before the last point stood in curves.csv.
    for await (const _event of execute(prepared, { files, clock: denoClock })) { /* All of it is a replay. */ }
    return { folder, files, before: true };
  }

  for (const notice of [...plan.notices, ...prepared.notices]) io.err(`${notice}\n`);
  const gpu = await openGpu(choice);
  using claim = await files.claim("lock");
  if (!claim) {
    throw new InputError(
      `${folder}: another process is running in this folder\n` +
        "Wait until it has ended, or give this run a folder of its own with --out",
    );
  }
  const begun = await begunPlan(files, identity);
  io.err(`${begun ? "continuing" : "running"} ${folder} on ${gpu.name}${gpu.software ? ", a software adapter" : ""}\n`);
  if (!begun) await beginPlan(files, identity, await versions(), gpu.name);
  else if (begun.adapter !== gpu.name) {
    io.err(`it was begun on ${begun.adapter}: numbers may differ from there on in their last digits\n`);
  }
  const progress = new Progress(io, experiments[0]!.metric, denoClock.now);
  try {
    for await (const event of execute(prepared, { files, clock: denoClock, signal: io.signal })) progress.see(event);
  } finally {
    progress.end();
  }
  return { folder, files, before: false };
}
