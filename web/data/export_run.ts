import { printWholePlan } from "../../src/config/print.ts";
import type { DataSet } from "../../src/data/example.ts";
import { InputError } from "../../src/errors.ts";
import type { RunKey } from "../../src/experiment/events.ts";
import { loadData } from "../../src/experiment/load_data.ts";
import type { PlanRecord } from "../../src/experiment/records.ts";
import { readPlan } from "../../src/experiment/run_directory.ts";
import type { Sources } from "../../src/experiment/sources.ts";
import type { Files } from "../../src/host.ts";
import { models } from "../../src/models/registry.ts";
import type { ArchiveEntry } from "./archive_entry.ts";
import { labelLines, labelsOf } from "./labels.ts";
import { dataPaths } from "./plan_data.ts";
import { readmeText } from "./readme_text.ts";
import { runFiles } from "./run_files.ts";
import { safePath } from "./safe_path.ts";
import { succeedConfig } from "./succeed_config.ts";
import { writeZip } from "./zip/write_zip.ts";

/** An archive for the person to keep. */
export interface ExportedRun {
  /** As the browser saves it. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** What is not in it, and why. */
  readonly notices: readonly string[];
}

/**
 * A run directory as a zip file: all of its files, `config.yaml`, which continues it by the command line, the person's own data
 * where the plan names them, what was labelled (`labels.jsonl`), and `succeed.yaml`, which trains another model on that.
 *
 * @param files the run directory
 * @param sources where the plan's data are
 * @param labelsFrom the run whose labels are given; without it the one that a person labelled
 * @throws InputError where it is no run directory, or something in it is broken
 */
export async function exportRun(files: Files, sources: Sources, labelsFrom?: RunKey): Promise<ExportedRun> {
  const plan = await planOf(files);
  const notices: string[] = [];
  const entries = new Map<string, Uint8Array>();
  const take = async (paths: readonly string[]) => {
    for (const path of paths) entries.set(path, (await files.read(path))!);
  };
  // The journals first: of a run that goes on meanwhile, a file is there before its journal names it.
  await take((await runFiles(files, plan.experiments)).filter(isJournal));
  await take((await runFiles(files, plan.experiments)).filter((path) => !isJournal(path)));
  for (const entry of await ownFiles(plan, sources.userFiles, notices)) entries.set(entry.path, entry.bytes);
  notices.push(
    ...ownModels(plan).map((path) =>
      `${path}, which the plan trains, is not in the archive: put the model's folder there to continue the run elsewhere`
    ),
  );
  entries.set("config.yaml", encode(configText(plan)));
  for (const { path, bytes } of await labelFiles(files, plan, sources, labelsFrom, entries, notices)) {
    entries.set(path, bytes);
  }
  entries.set("README.txt", encode(readmeText(plan.name, [...entries.keys()])));
  const bytes = await writeZip([...entries].map(([path, bytes]) => ({ path, bytes })));
  return { file: `${plan.name}.zip`, bytes, notices };
}

/**
 * What was labelled in a run, as JSON Lines of `{id, text, label, by, at}`.
 *
 * @throws InputError where nothing is labelled yet, and where the data are not there
 */
export async function exportLabels(files: Files, sources: Sources, labelsFrom?: RunKey): Promise<string> {
  const plan = await planOf(files);
  const labelled = await labelsOf(files, plan, (await dataOf(plan, sources, labelsFrom)).train, labelsFrom);
  if (!labelled || labelled.rows.length === 0) throw new InputError("nothing is labelled yet");
  return labelLines(labelled.rows);
}

function isJournal(path: string): boolean {
  return path.endsWith("/journal.jsonl");
}

async function planOf(files: Files): Promise<PlanRecord> {
  const plan = await readPlan(files);
  if (!plan) throw new InputError(`${files.describe("")}: not a run directory, for it has no plan.json`);
  return plan;
}

/** The data of a run, or of the plan's first. */
function dataOf(plan: PlanRecord, sources: Sources, run?: RunKey): Promise<DataSet> {
  const experiment = plan.experiments.find(({ name }) => name === run?.experiment) ?? plan.experiments[0];
  if (!experiment) throw new InputError("the plan has no experiments");
  return loadData(experiment.data, sources);
}

/** The person's own files, at the paths that the plan has for them, and what the page knows of them beside. */
async function ownFiles(plan: PlanRecord, userFiles: Files, notices: string[]): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  for (const path of dataPaths(plan)) {
    const bytes = safePath(path) === path ? await userFiles.read(path) : undefined;
    if (!bytes) {
      notices.push(`${path}, which the plan reads, is not here, and so not in the archive`);
      continue;
    }
    entries.push({ path, bytes });
    const beside = path.replace(/\.jsonl$/, ".json");
    const summary = beside === path ? undefined : await userFiles.read(beside);
    if (summary) entries.push({ path: beside, bytes: summary });
  }
  return entries;
}

/** The folders of the person's own models, each once. */
function ownModels({ experiments }: PlanRecord): string[] {
  const names = experiments.flatMap((
    { acquisition_model, successor_model },
  ) => [acquisition_model.name, successor_model.name]);
  return [...new Set(names)].filter((name) => name.startsWith("./"));
}

function configText(plan: PlanRecord): string {
  return `# The plan of this folder, every value written out. From within the folder this continues it:
#   pupil run config.yaml --out .
${printWholePlan(plan)}`;
}

async function labelFiles(
  files: Files,
  plan: PlanRecord,
  sources: Sources,
  labelsFrom: RunKey | undefined,
  entries: ReadonlyMap<string, Uint8Array>,
  notices: string[],
): Promise<ArchiveEntry[]> {
  const left = (why: string) => {
    notices.push(`succeed.yaml is not in the archive: ${why}`);
    return [];
  };
  let data: DataSet;
  try {
    data = await dataOf(plan, sources, labelsFrom);
  } catch (thrown) {
    if (thrown instanceof InputError) return left(thrown.message);
    throw thrown;
  }
  const labelled = await labelsOf(files, plan, data.train, labelsFrom);
  if (!labelled || labelled.rows.length === 0) return left("nothing is labelled yet");
  const paths = { labelled: freePath("labels.jsonl", entries), test: freePath("test.jsonl", entries) };
  const rows = { path: paths.labelled, bytes: encode(labelLines(labelled.rows)) };
  const { task, metric, successor_model: { name: model } } = plan.experiments.find(({ name }) =>
    name === labelled.run.experiment
  )!;
  const succession = task === "classification"
    ? succeedConfig({
      dataset: data.name,
      metric,
      model,
      embedded: isEmbedded(model),
      labelled: labelled.rows,
      test: data.test,
      paths,
    })
    : { lacking: `the task is ${task}` };
  if ("lacking" in succession) return [rows, ...left(succession.lacking)];
  return [
    rows,
    { path: paths.test, bytes: encode(succession.test) },
    { path: "succeed.yaml", bytes: encode(succession.config) },
  ];
}

/** Of Pupil's own models, which begin from nothing. */
function isEmbedded(model: string): boolean {
  const known = models.find(model);
  return known !== undefined && known.missing === undefined && !known.onHub;
}

/** The person's own file may have the name. */
function freePath(path: string, taken: ReadonlyMap<string, Uint8Array>): string {
  return taken.has(path) ? freePath(`pupil-${path}`, taken) : path;
}

const encoder = new TextEncoder();
const encode = (text: string) => encoder.encode(text);
