import type { ResolvedPlan } from "../../src/config/plan.ts";
import { InputError } from "../../src/errors.ts";
import { withRevision } from "../../src/experiment/with_revision.ts";
import { gpuFlags, parseArguments } from "../arguments.ts";
import type { Command, Io } from "../command.ts";
import { exitCode } from "../dispatch.ts";
import { userFiles } from "../host/user_files.ts";
import { conclude } from "../run/conclude.ts";
import { resolveConfig } from "../run/config_files.ts";
import { dryRun } from "../run/dry_run.ts";
import { runResolved } from "../run/run_resolved.ts";

const usage =
  `pupil run CONFIG.yaml [key=value ...] [--out DIR] [--revision NAME] [--dry-run] [--adapter NAME] [--software]
  CONFIG.yaml     the plan: docs/config.md says what stands in it
  key=value       overrides a key of it, such as al.num_queries=10
  --out DIR       the run directory; without it runs/NAME. Running again continues it
  --revision NAME a branch, a tag or a commit: models of the hub are fetched as they are there, in place of main
  --dry-run       prints the resolved plan, the trainings that it takes and an estimate; runs nothing
  --adapter NAME  takes only an adapter whose name holds this
  --software      accepts a software adapter although the machine has a GPU`;

/** Any plan: running it again continues it, and a finished one is left as it is. */
export const run: Command = {
  name: "run",
  summary: "Run the plan of a config file, or continue it",
  usage,
  async run(args, io) {
    const { positionals, flags } = parseArguments(args, {
      usage,
      flags: { ...gpuFlags, out: { type: "string" }, revision: { type: "string" }, "dry-run": { type: "boolean" } },
      positionals: [1, Infinity],
    });
    const [config, ...overrides] = positionals;
    const stray = overrides.find((override) => !override.includes("="));
    if (stray !== undefined) throw new InputError(`'${stray}' is no key=value\nUsage: ${usage.split("\n")[0]}`);
    const plan = revised(await resolveConfig(config!, overrides, io.cwd), flags.revision, io);
    if (flags["dry-run"]) {
      await dryRun(plan, flags, io);
      return exitCode.done;
    }
    const finished = await runResolved(plan, flags.out, flags, io);
    if (finished.before) io.err(`${finished.folder} is finished already; its plan has not changed\n`);
    await conclude(finished, io);
    return exitCode.done;
  },
};

function revised(plan: ResolvedPlan, revision: string | undefined, io: Io): ResolvedPlan {
  if (revision === undefined) return plan;
  return { ...plan, experiments: withRevision(plan.experiments, revision, userFiles(io.cwd)) };
}
