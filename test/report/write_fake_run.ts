/**
 * Writes a made-up run directory, its report and its plot, to be looked at:
 * `deno run --allow-read --allow-write test/report/write_fake_run.ts FOLDER`
 */
import { dirname, join } from "node:path";
import { curvesSvg } from "../../src/report/curves_svg.ts";
import { labelledCounts } from "../../src/report/labelled_counts.ts";
import { readRun } from "../../src/report/read_run.ts";
import { reportHtml } from "../../src/report/report_html.ts";
import { fakeRun } from "./fake_run.ts";
import { MemoryFiles } from "../host/memory_files.ts";

const folder = Deno.args[0];
if (folder === undefined) throw new Error("name a folder to write to");
const texts = fakeRun();
const data = await readRun(MemoryFiles.of(texts));
texts["report.html"] = reportHtml(data);
texts["curves.svg"] = curvesSvg(data.curves, labelledCounts(data));
for (const [path, text] of Object.entries(texts)) {
  const target = join(folder, path);
  await Deno.mkdir(dirname(target), { recursive: true });
  await Deno.writeTextFile(target, text);
}
