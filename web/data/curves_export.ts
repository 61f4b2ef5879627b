import { InputError } from "../../src/errors.ts";
import { type Files, readText } from "../../src/host.ts";
import { curvesSvg as draw } from "../../src/report/curves_svg.ts";
import { labelledCounts } from "../../src/report/labelled_counts.ts";
import { readRun } from "../../src/report/read_run.ts";

/** The learning curves of a run directory, as `curves.csv`. @throws InputError where there are none yet */
export async function curvesCsv(files: Files): Promise<string> {
  const text = await readText(files, "curves.csv");
  if (text === undefined) throw none();
  return text;
}

/** The learning curves of a run directory, drawn as one SVG document. @throws InputError where there are none yet */
export async function curvesSvg(files: Files): Promise<string> {
  const data = await readRun(files);
  if (data.curves.length === 0) throw none();
  return draw(data.curves, labelledCounts(data));
}

function none(): InputError {
  return new InputError("there is no curve yet: no run has been evaluated");
}
