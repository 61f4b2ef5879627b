import { basename, dirname, join, resolve } from "node:path";
import { writeText } from "../../src/host.ts";
import { curvesSvg } from "../../src/report/curves_svg.ts";
import { labelledCounts } from "../../src/report/labelled_counts.ts";
import { readRun } from "../../src/report/read_run.ts";
import { parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { curvesAt, isFolder } from "../curves_source.ts";
import { exitCode } from "../dispatch.ts";
import { DenoFiles } from "../host/deno_files.ts";

const usage = `pupil plot DIR|CURVES.csv [-o FILE.svg]
  DIR             a run directory
  CURVES.csv      learning curves from elsewhere
  -o, --output    where to write; else DIR/curves.svg, or the CSV file's name with .svg`;

/** Learning curves as an SVG file. */
export const plot: Command = {
  name: "plot",
  summary: "Draw learning curves as SVG",
  usage,
  async run(args, io) {
    const { positionals, flags } = parseArguments(args, {
      usage,
      flags: { output: { type: "string", short: "o" } },
      positionals: [1, 1],
    });
    const source = positionals[0]!;
    const curves = await curvesAt(source, io.cwd);
    const folder = await isFolder(source, io.cwd);
    const target = flags.output ?? (folder ? join(source, "curves.svg") : source.replace(/(\.csv)?$/i, ".svg"));
    const svg = curvesSvg(curves, folder ? await labelledCountsOf(resolve(io.cwd, source)) : undefined);
    const path = resolve(io.cwd, target);
    await writeText(new DenoFiles(dirname(path)), basename(path), svg);
    io.out(`${target}\n`);
    return exitCode.done;
  },
};

/** From the journals; undefined where a folder holds curves but no run. */
async function labelledCountsOf(folder: string) {
  const files = new DenoFiles(folder);
  return await files.read("plan.json") ? labelledCounts(await readRun(files)) : undefined;
}
