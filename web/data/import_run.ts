import type { ExperimentConfig } from "../../src/config/schema.ts";
import { canonicalJson, hash } from "../../src/hash.ts";
import { dataSets } from "../../src/data/registry.ts";
import { type Files, writeText } from "../../src/host.ts";
import type { PlanRecord } from "../../src/experiment/records.ts";
import type { ArchiveEntry } from "./archive_entry.ts";
import { allOrNothing } from "./all_or_nothing.ts";
import { freeName, safeName } from "./names.ts";
import { parseOwnData, summaryPath } from "./own_data.ts";
import { dataPaths } from "./plan_data.ts";
import { type RunInArchive, runInArchive } from "./run_in_archive.ts";
import { safePath } from "./safe_path.ts";

/** A run that was taken in. */
export interface ImportedRun {
  /** Its folder, below `runs`. */
  readonly name: string;
  /** It was here already, the same to the byte: nothing has changed. */
  readonly known: boolean;
  readonly notices: readonly string[];
}

/** What removes folders; the page's storage does. */
export type RemovableFolders = Files & { removeFolder(path: string): Promise<void> };

const RUNS = "runs";
const DATA = "data";

/**
 * Takes the run directory of an archive into `runs/NAME`, and the data that it brings along into `data`. A name that is taken gets a
 * number. `plan.json` is written last, and a folder without one is no run: a page that is closed in between leaves none.
 *
 * @param files all that the page keeps
 * @param name how messages call the archive
 * @throws InputError where it holds no run directory, or a file in it is not what it should be
 */
export async function importRun(
  files: RemovableFolders,
  entries: readonly ArchiveEntry[],
  name: string,
): Promise<ImportedRun> {
  const archive = await runInArchive(entries, name);
  const moved = await placeData(files, archive);
  const plan = withPaths(archive.plan, new Map(moved.map(({ from, path }) => [from, path])));
  const planText = JSON.stringify(plan, null, 2) + "\n";
  const contents: ArchiveEntry[] = [...archive.files, { path: "plan.json", bytes: new TextEncoder().encode(planText) }];
  const notices = [...archive.notices, ...await missingData(files, plan, moved, name)];
  const wanted = safeName(plan.name, "run");
  for (const taken of await namesLike(files, wanted)) {
    if (await holds(files, `${RUNS}/${taken}`, contents)) return { name: taken, known: true, notices };
  }
  const free = await freeName(wanted, (taken) => isRun(files, taken));
  await files.removeFolder(`${RUNS}/${free}`);
  await allOrNothing(
    async () => {
      for (const { path, bytes } of moved) await files.write(path, bytes);
      for (const { path, bytes } of archive.files) await files.write(`${RUNS}/${free}/${path}`, bytes);
      await writeText(files, `${RUNS}/${free}/plan.json`, planText);
    },
    () => files.removeFolder(`${RUNS}/${free}`),
  );
  return { name: free, known: false, notices };
}

interface MovedFile extends ArchiveEntry {
  /** Its path in the plan of the archive. */
  readonly from: string;
}

/** Where the data of an archive go: to their own path below `data`, unless other data are there. */
async function placeData(files: Files, { plan, data }: RunInArchive): Promise<MovedFile[]> {
  const moved: MovedFile[] = [];
  for (const from of dataPaths(plan)) {
    const entry = data.find(({ path }) => path === safePath(from));
    if (!entry) continue;
    const summary = data.find(({ path }) => path !== entry.path && path === entry.path.replace(/\.jsonl$/, ".json"));
    const own = summary && parseOwnData(new TextDecoder().decode(summary.bytes));
    const file = entry.path.split("/").at(-1)!;
    const ending = /(\.[A-Za-z]+)?(\.gz)?$/.exec(file)?.[0] ?? "";
    const stem = safeName(file.slice(0, file.length - ending.length), "data");
    const inTheWay = async (name: string) => {
      const path = `${DATA}/${name}${ending}`;
      const there = moved.find((each) => each.path === path)?.bytes ?? await files.read(path);
      if (there) return !same(there, entry.bytes);
      // Neither becomes a part of another data set of the person's own, nor one that nobody could choose.
      const whole = name.replace(/\.(pool|test)$/i, "");
      return whole !== name && await files.read(summaryPath(whole)) !== undefined ||
        own !== undefined && dataSets.find(name) !== undefined;
    };
    const name = await freeName(stem, inTheWay);
    moved.push({ from, path: `${DATA}/${name}${ending}`, bytes: entry.bytes });
    if (summary && own) {
      const bytes = new TextEncoder().encode(JSON.stringify({ ...own, name }) + "\n");
      moved.push({ from: summary.path, path: `${DATA}/${name}.json`, bytes });
    }
  }
  return moved;
}

/** The plan with its data where they are now. The data set keeps its name, which curves and hashes go by. */
function withPaths(plan: PlanRecord, paths: ReadonlyMap<string, string>): PlanRecord {
  if ([...paths].every(([from, path]) => from === path)) return plan;
  const at = (path: string | null) => (path === null ? null : paths.get(path) ?? path);
  const experiments = plan.experiments.map((experiment): ExperimentConfig => {
    const { dataset_name, train, test } = experiment.data;
    return {
      ...experiment,
      data: { ...experiment.data, dataset_name: dataset_name ?? nameOf(train), train: at(train), test: at(test) },
    };
  });
  return { ...plan, hash: hash(canonicalJson(experiments), 16), experiments };
}

/** What the engine calls the data of a file that has no other name. */
function nameOf(path: string | null): string | null {
  return path && path.split("/").at(-1)!.replace(/\.gz$/, "").replace(/\.[^.]*$/, "");
}

async function missingData(
  files: Files,
  plan: PlanRecord,
  moved: readonly MovedFile[],
  name: string,
): Promise<string[]> {
  const missing: string[] = [];
  for (const path of dataPaths(plan)) {
    const isHere = moved.some((each) => each.path === path) ||
      safePath(path) !== undefined && await files.read(path) !== undefined;
    if (!isHere) missing.push(path);
  }
  if (missing.length === 0) return [];
  return [`${name}: its data, ${missing.join(" and ")}, are not in it: the run can be looked at, and not continued`];
}

/** The runs whose names may have been made from one. */
async function namesLike(files: Files, wanted: string): Promise<string[]> {
  const rest = (name: string) => name.slice(wanted.length);
  return (await files.list(RUNS)).filter((name) => name.startsWith(wanted) && /^(-\d+)?$/.test(rest(name)));
}

async function isRun(files: Files, name: string): Promise<boolean> {
  return (await files.read(`${RUNS}/${name}/plan.json`)) !== undefined;
}

async function holds(files: Files, folder: string, contents: readonly ArchiveEntry[]): Promise<boolean> {
  for (const { path, bytes } of contents) {
    const there = await files.read(`${folder}/${path}`);
    if (!there || !same(there, bytes)) return false;
  }
  return true;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
