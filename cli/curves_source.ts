import { basename, dirname, resolve } from "node:path";
import { InputError, messageOf } from "../src/errors.ts";
import type { Curve } from "../src/evaluation/curve.ts";
import { parseCurves } from "../src/evaluation/curves_csv.ts";
import { readText } from "../src/host.ts";
import { readCurves } from "../src/report/read_run.ts";
import { DenoFiles } from "./host/deno_files.ts";

/** Whether what the user named is a folder. */
export async function isFolder(path: string, cwd: string): Promise<boolean> {
  try {
    return (await Deno.stat(resolve(cwd, path))).isDirectory;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.NotADirectory) {
      throw new InputError(`${path}: no such file or folder. Expected a run directory, or a CSV file of curves`);
    }
    throw new InputError(`${path}: cannot be read: ${messageOf(thrown)}`);
  }
}

/**
 * The curves of a CSV file, or of a run directory's `curves.csv`.
 *
 * @throws InputError where there is none
 */
export async function curvesAt(path: string, cwd: string): Promise<Curve[]> {
  const target = resolve(cwd, path);
  const curves = await isFolder(path, cwd) ? await readCurves(new DenoFiles(target)) : await readFile(target, path);
  if (curves.length > 0) return curves;
  throw new InputError(`${path}: no curves. Expected a run directory with an evaluated run, or a CSV file of curves`);
}

async function readFile(target: string, path: string): Promise<Curve[]> {
  let text: string | undefined;
  try {
    text = await readText(new DenoFiles(dirname(target)), basename(target));
  } catch (thrown) {
    if (thrown instanceof TypeError) throw new InputError(`${path}: not UTF-8 text. Expected a CSV file of curves`);
    throw thrown;
  }
  return text === undefined ? [] : parseCurves(text, path);
}
