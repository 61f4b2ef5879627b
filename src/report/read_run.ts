import {
  array,
  type GenericSchema,
  getDotPath,
  looseObject,
  nullable,
  number,
  object,
  optional,
  picklist,
  record,
  safeParse,
  string,
} from "valibot";
import { InputError } from "../errors.ts";
import type { Curve } from "../evaluation/curve.ts";
import { parseCurves } from "../evaluation/curves_csv.ts";
import type { PlanRecord, TrainingRecord } from "../experiment/records.ts";
import { type Files, readText } from "../host.ts";
import { readJournal } from "../experiment/read_journal.ts";
import type { ReportData, RunJournal } from "./report_data.ts";

/**
 * Reads a run directory, finished or not: what is not there yet is missing from the answer, and said in its notices.
 *
 * @param files the run directory
 * @throws InputError where the folder is no run directory, or a file in it is not what it should be
 */
export async function readRun(files: Files): Promise<ReportData> {
  const plan = await readPlan(files);
  const notices: string[] = [];
  const curves = await readCurves(files);
  if (curves.length === 0) notices.push("No learning curve is there yet: no run has been evaluated.");
  const runs = await readRuns(files, plan, notices);
  return { plan, curves, runs, trainings: await readTrainings(files), notices };
}

/** The curves of a run directory; none where there is no `curves.csv` yet. */
export async function readCurves(files: Files): Promise<Curve[]> {
  const text = await readUtf8(files, "curves.csv");
  return text === undefined ? [] : parseCurves(text, files.describe("curves.csv"));
}

async function readPlan(files: Files): Promise<PlanRecord> {
  const text = await readUtf8(files, "plan.json");
  if (text === undefined) {
    throw new InputError(
      `${files.describe("")}: not a run directory, for it has no plan.json. Expected what run or demo wrote`,
    );
  }
  // The schema names only what a report reads; the settings it does not name are printed, whatever they are.
  return parseJson(text, planSchema, files.describe("plan.json"), "a plan") as unknown as PlanRecord;
}

async function readRuns(files: Files, plan: PlanRecord, notices: string[]): Promise<RunJournal[]> {
  const runs: RunJournal[] = [];
  for (const { name, seeds, al } of plan.experiments) {
    for (const seed of seeds) {
      const path = `${name}/seed-${seed}/journal.jsonl`;
      const bytes = await files.read(path);
      if (bytes === undefined) {
        notices.push(`${name}, seed ${seed} has not begun.`);
        continue;
      }
      const { events, torn } = readJournal(bytes, files.describe(path));
      if (torn) notices.push(`${files.describe(path)}: the last line was cut short by a crash and is left out.`);
      const round = events.findLast(({ event }) => event === "evaluate")?.round;
      if (round !== al.num_queries) {
        notices.push(
          `${name}, seed ${seed} has ${
            round === undefined ? "only begun" : `reached round ${round} of ${al.num_queries}`
          }.`,
        );
      }
      runs.push({ experiment: name, seed, events });
    }
  }
  return runs;
}

async function readTrainings(files: Files): Promise<Map<string, TrainingRecord>> {
  const trainings = new Map<string, TrainingRecord>();
  for (const name of await files.list("trainings")) {
    if (!name.endsWith(".json")) continue;
    const text = await readUtf8(files, `trainings/${name}`);
    if (text === undefined) continue;
    const training = parseJson(text, trainingSchema, files.describe(`trainings/${name}`), "a training");
    trainings.set(training.training, training);
  }
  return trainings;
}

async function readUtf8(files: Files, path: string): Promise<string | undefined> {
  try {
    return await readText(files, path);
  } catch (error) {
    if (error instanceof TypeError) throw new InputError(`${files.describe(path)}: not UTF-8 text`);
    throw error;
  }
}

function parseJson<T>(text: string, schema: GenericSchema<unknown, T>, where: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${where}: not JSON`);
  }
  const result = safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new InputError(`${where}: not ${what}: ${getDotPath(issue) ?? "the document"}: ${issue.message}`);
}

const named = looseObject({ name: string() });

const planSchema = looseObject({
  name: string(),
  hash: string(),
  versions: record(string(), string()),
  adapter: string(),
  data: record(string(), string()),
  experiments: array(looseObject({
    name: string(),
    metric: string(),
    al_type: picklist(["one", "asm"]),
    seeds: array(number()),
    data: looseObject({ dataset_name: nullable(string()), train: nullable(string()) }),
    al: looseObject({ strategy: string(), num_queries: number() }),
    acquisition_model: named,
    successor_model: named,
  })),
});

const metrics = record(string(), number());

const trainingSchema: GenericSchema<unknown, TrainingRecord> = object({
  training: string(),
  model: string(),
  seed: number(),
  examples: number(),
  steps: number(),
  batch_size: number(),
  epochs: number(),
  losses: array(number()),
  seconds: number(),
  evaluation: optional(object({
    metrics,
    labels: array(string()),
    confusion: array(array(number())),
    seconds: number(),
  })),
});
