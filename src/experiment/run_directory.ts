import { array, looseObject, optional, record, safeParse, string } from "valibot";
import { describeDifference, diffPlans } from "../config/diff.ts";
import type { ExperimentConfig } from "../config/schema.ts";
import { Failure, InputError } from "../errors.ts";
import { canonicalJson, hash } from "../hash.ts";
import { type Files, readText, writeText } from "../host.ts";
import type { PlanRecord } from "./records.ts";

/** Names the most keys of a difference; the rest are counted. */
const NAMED = 6;

/** What a plan is to be recorded as. */
export interface PlanIdentity {
  readonly name: string;
  readonly experiments: readonly ExperimentConfig[];
  /** Hash of each data set, by name. */
  readonly data: Readonly<Record<string, string>>;
  /** The commit of each revision that was fetched from the hub. */
  readonly commits?: Readonly<Record<string, string>>;
}

/** What is read of a `plan.json` before it is compared with a plan key by key. */
const planSchema = looseObject({
  adapter: string(),
  data: record(string(), string()),
  commits: optional(record(string(), string())),
  experiments: array(looseObject({ name: string() })),
});

/**
 * The plan of a run directory; undefined where it has none.
 *
 * @throws InputError where its `plan.json` is something else
 */
export async function readPlan(files: Files): Promise<PlanRecord | undefined> {
  try {
    const text = await readText(files, "plan.json");
    if (text === undefined) return undefined;
    const json: unknown = JSON.parse(text);
    if (safeParse(planSchema, json).success) return json as PlanRecord;
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
  }
  throw new InputError(`${files.describe("plan.json")}: not a plan. Expected what run or demo wrote`);
}

/**
 * What a run directory was begun for; undefined where it is new.
 *
 * @throws InputError where it was begun for another plan or other data, naming what differs: two plans never mix
 */
export async function begunPlan(files: Files, plan: PlanIdentity): Promise<PlanRecord | undefined> {
  const begun = await readPlan(files);
  if (!begun) return undefined;
  const differences = diffPlans(begun.experiments, plan.experiments).map(describeDifference);
  if (differences.length > 0) {
    const more = differences.length > NAMED ? `; and ${differences.length - NAMED} more` : "";
    throw new InputError(
      `${files.describe("")} was begun with another plan: ${differences.slice(0, NAMED).join("; ")}${more}\n` +
        "Give this one a folder of its own with --out",
    );
  }
  const changed = Object.keys(plan.data).filter((name) => begun.data[name] !== plan.data[name]);
  if (changed.length > 0) {
    throw new InputError(
      `${files.describe("")} was begun with other data: ${changed.join(", ")} has changed since\n` +
        "Give this run a folder of its own with --out",
    );
  }
  return begun;
}

/** Writes `plan.json` of a new run directory. */
export async function beginPlan(
  files: Files,
  plan: PlanIdentity,
  versions: Readonly<Record<string, string>>,
  adapter: string,
): Promise<void> {
  const record: PlanRecord = {
    name: plan.name,
    hash: hash(canonicalJson(plan.experiments), 16),
    versions,
    adapter,
    data: plan.data,
    ...(plan.commits && Object.keys(plan.commits).length > 0 ? { commits: plan.commits } : {}),
    experiments: plan.experiments,
  };
  await writeText(files, "plan.json", JSON.stringify(record, null, 2) + "\n");
}
