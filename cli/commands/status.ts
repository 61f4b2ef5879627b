import { resolve } from "node:path";
import { InputError } from "../../src/errors.ts";
import { readPlan } from "../../src/experiment/run_directory.ts";
import { statusOf } from "../../src/experiment/status.ts";
import { textTable } from "../../src/report/text_table.ts";
import { parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { exitCode } from "../dispatch.ts";
import { DenoFiles } from "../host/deno_files.ts";

const usage = `pupil status DIR
  DIR  a run directory`;

/** How far each run of a plan is. */
export const status: Command = {
  name: "status",
  summary: "How far each run of a plan is",
  usage,
  async run(args, io) {
    const { positionals } = parseArguments(args, { usage, flags: {}, positionals: [1, 1] });
    const files = new DenoFiles(resolve(io.cwd, positionals[0]!));
    const plan = await readPlan(files);
    if (!plan) throw new InputError(`${positionals[0]}: not a run directory, for it has no plan.json`);
    const rows = (await statusOf(files, plan.experiments)).map(({ experiment, seed, done, of, labelled, score }) => [
      experiment,
      String(seed),
      `${done} of ${of}`,
      String(labelled),
      score === undefined ? "-" : score.toFixed(4),
    ]);
    const metrics = [...new Set(plan.experiments.map(({ metric }) => metric))].join(" / ");
    const head = ["experiment", "seed", "points", "labels", metrics];
    io.out(textTable(head, rows, ["left", "right", "right", "right", "right"], io.columns).join("\n") + "\n");
    return exitCode.done;
  },
};
