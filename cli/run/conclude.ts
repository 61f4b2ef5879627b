import { join } from "node:path";
import { plainWords } from "../../src/evaluation/plain_words.ts";
import { reuGroups } from "../../src/evaluation/reu_groups.ts";
import { writeText } from "../../src/host.ts";
import { readCurves, readRun } from "../../src/report/read_run.ts";
import { reportHtml } from "../../src/report/report_html.ts";
import { reuTableText } from "../../src/report/reu_table_text.ts";
import type { Io } from "../command.ts";
import type { FinishedRun } from "./run_resolved.ts";

/** What a finished plan ends with: the report, the REU table where there is something to compare, and where to look. */
export async function conclude({ files, folder }: FinishedRun, io: Io): Promise<void> {
  await writeText(files, "report.html", reportHtml(await readRun(files)));
  const groups = reuGroups(await readCurves(files));
  io.out(reuTableText(groups, io.columns));
  for (const group of groups) {
    if (group.rows.length > 0) io.out(`\n${plainWords(group)}\n`);
  }
  io.out(`\nReport: ${join(folder, "report.html")}\n`);
}
