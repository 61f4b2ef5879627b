import { getDotPath, safeParse } from "valibot";
import { experimentShape } from "../../src/config/shape.ts";
import { InputError, messageOf } from "../../src/errors.ts";
import type { PlanRecord } from "../../src/experiment/records.ts";
import { decodeScores } from "../../src/experiment/score_file.ts";
import { readText } from "../../src/host.ts";
import { readRun } from "../../src/report/read_run.ts";
import type { ArchiveEntry } from "./archive_entry.ts";
import { entryFiles } from "./entry_files.ts";
import { dataPaths } from "./plan_data.ts";
import { isRunFile } from "./run_files.ts";
import { safePath } from "./safe_path.ts";

/** A run directory that was found in an archive, checked. */
export interface RunInArchive {
  readonly plan: PlanRecord;
  /** Its files but for `plan.json`. */
  readonly files: readonly ArchiveEntry[];
  /** Files of the person's own that the plan names, and what the page keeps beside them, at the plan's paths as `safePath` gives them. */
  readonly data: readonly ArchiveEntry[];
  readonly notices: readonly string[];
}

/** What systems put beside a run. */
const junk = /(^|\/)(__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)|\.tmp$/;
/** What Pupil puts beside a run, and makes again. */
const beside = [
  "curves.svg",
  "report.html",
  "lock",
  "config.yaml",
  "succeed.yaml",
  "labels.jsonl",
  "test.jsonl",
  "pupil-labels.jsonl",
  "pupil-test.jsonl",
  "README.txt",
];

/**
 * Finds the one run directory in an archive, at whatever depth it lies, and checks every file of it.
 *
 * @param name how messages call the archive
 * @throws InputError where there is none or more than one, or a file in it is not what it should be
 */
export async function runInArchive(entries: readonly ArchiveEntry[], name: string): Promise<RunInArchive> {
  const wanted = entries.filter(({ path }) => !junk.test(path));
  const root = rootOf(wanted, name);
  const inside = wanted.filter(({ path }) => path.startsWith(root))
    .map(({ path, bytes }) => ({ path: path.slice(root.length), bytes }));
  const files = entryFiles(inside, name);
  const { notices: state } = await readRun(files).catch(asInputError);
  // As it was written, key for key.
  const plan: PlanRecord = JSON.parse((await readText(files, "plan.json"))!);
  checkPlan(plan, `${name}: plan.json`);
  const known = inside.filter(({ path }) => path !== "plan.json" && isRunFile(path, plan.experiments));
  for (const { path, bytes } of known) {
    if (path.endsWith(".bin")) requireScores(bytes, files.describe(path));
  }
  const own = new Set(
    dataPaths(plan).flatMap((path) => safePath(path) ?? []).flatMap((
      path,
    ) => [path, path.replace(/\.jsonl$/, ".json")]),
  );
  // Paths of a plan count from the folder it was run from: the run directory itself, or one around it.
  const around = wanted.filter(({ path }) => own.has(path) && !inside.some((each) => each.path === path));
  const data = [...inside.filter(({ path }) => own.has(path)), ...around];
  const expected = inside.filter(({ path }) => path === "plan.json" || beside.includes(path) && !own.has(path)).length;
  const strange = wanted.length - known.length - data.length - expected;
  return {
    plan,
    files: known,
    data,
    notices: strange === 0
      ? state
      : [...state, `${name}: left out, as no part of a run directory: ${strange} of ${wanted.length} files`],
  };
}

function requireScores(bytes: Uint8Array, where: string): void {
  try {
    decodeScores(bytes, where);
  } catch (thrown) {
    asInputError(thrown);
  }
}

/** The folder of the plan that lies highest, with a slash at its end; "" for the archive itself. */
function rootOf(entries: readonly ArchiveEntry[], name: string): string {
  const roots = entries.flatMap((
    { path },
  ) => (/(^|\/)plan\.json$/.test(path) ? [path.slice(0, -"plan.json".length)] : []));
  const depth = (root: string) => root.split("/").length;
  const highest = Math.min(...roots.map(depth));
  const [root, ...others] = roots.filter((each) => depth(each) === highest);
  if (root === undefined) {
    throw new InputError(
      `${name}: no run directory is in it, for there is no plan.json. Expected what run or demo wrote, or an export of this page`,
    );
  }
  if (others.length > 0) {
    throw new InputError(
      `${name}: ${others.length + 1} run directories are in it: ${
        [root, ...others].sort().slice(0, 5).join(", ")
      }. Open one at a time`,
    );
  }
  return root;
}

/** `readRun` looks at what a report needs; here every key counts, since the plan may be continued. */
function checkPlan({ experiments }: PlanRecord, where: string): void {
  for (const experiment of experiments) {
    const result = safeParse(experimentShape, experiment);
    if (result.success) continue;
    const issue = result.issues[0];
    throw new InputError(
      `${where}: experiment '${experiment.name}': ${getDotPath(issue) ?? "it"}: expected ${issue.message}\n` +
        "Another version of Pupil may have written it",
    );
  }
  const names = experiments.map(({ name }) => name.toLowerCase());
  if (experiments.length === 0) throw new InputError(`${where}: it has no experiments`);
  if (new Set(names).size < names.length) throw new InputError(`${where}: two experiments have one name`);
}

/** What is wrong with an archive is the archive's fault, however the engine sees it. */
function asInputError(thrown: unknown): never {
  throw thrown instanceof InputError ? thrown : new InputError(messageOf(thrown));
}
