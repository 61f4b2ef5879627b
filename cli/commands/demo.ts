import { gpuFlags, parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { exitCode } from "../dispatch.ts";
import { conclude } from "../run/conclude.ts";
import { resolveOwnConfig } from "../run/config_files.ts";
import { demoConfigs } from "../run/demo_configs.ts";
import { runResolved } from "../run/run_resolved.ts";

const usage = `pupil demo [--model NAME] [--out DIR] [--adapter NAME] [--software]
  --model NAME    the successor: ${demoConfigs.names().join(", or ")}; the first without it
  --out DIR       the run directory; without it runs/demo, or runs/demo_use_lite. Running again continues it
  --adapter NAME  takes only an adapter whose name holds this
  --software      accepts a software adapter although the machine has a GPU`;

/** One whole group on the embedded mails. */
export const demo: Command = {
  name: "demo",
  summary: "The whole experiment on the embedded mails: curves, REU, report",
  usage,
  async run(args, io) {
    const { flags } = parseArguments(args, {
      usage,
      flags: { ...gpuFlags, model: { type: "string" }, out: { type: "string" } },
      positionals: [0, 0],
    });
    const { config } = demoConfigs.get(flags.model ?? demoConfigs.names()[0]!, "--model");
    const finished = await runResolved(await resolveOwnConfig(config), flags.out, flags, io);
    if (finished.before) io.err(`${finished.folder} is finished already; remove it to run the demo afresh\n`);
    await conclude(finished, io);
    return exitCode.done;
  },
};
