import { join, resolve } from "node:path";
import { InputError } from "../../src/errors.ts";
import { writeText } from "../../src/host.ts";
import { readRun } from "../../src/report/read_run.ts";
import { reportHtml } from "../../src/report/report_html.ts";
import { parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { isFolder } from "../curves_source.ts";
import { exitCode } from "../dispatch.ts";
import { DenoFiles } from "../host/deno_files.ts";

const usage = `pupil report DIR
  DIR  a run directory, finished or not; the report is written to DIR/report.html`;

/** The whole report of a run, as one file that needs no network. */
export const report: Command = {
  name: "report",
  summary: "Write the report of a run: curves, REU, overlap, settings",
  usage,
  async run(args, io) {
    const { positionals } = parseArguments(args, { usage, flags: {}, positionals: [1, 1] });
    const folder = positionals[0]!;
    if (!(await isFolder(folder, io.cwd))) throw new InputError(`${folder}: a file, where a run directory is expected`);
    const files = new DenoFiles(resolve(io.cwd, folder));
    const data = await readRun(files);
    for (const notice of data.notices) io.err(`${notice}\n`);
    await writeText(files, "report.html", reportHtml(data));
    io.out(`${join(folder, "report.html")}\n`);
    return exitCode.done;
  },
};
