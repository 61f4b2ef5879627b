import { canonicalJson } from "../hash.ts";
import type { ExperimentConfig } from "./schema.ts";

/** A key that two plans give different values; a whole experiment that one of them lacks has the key "". */
export interface PlanDifference {
  readonly experiment: string;
  readonly key: string;
  /** undefined where there is none. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two plans, experiments matched by name, keys in the order of the schema. */
export function diffPlans(
  before: readonly ExperimentConfig[],
  after: readonly ExperimentConfig[],
): PlanDifference[] {
  const later = new Map(after.map((config) => [config.name, config]));
  const earlier = new Set(before.map((config) => config.name));
  return [
    ...before.flatMap((config) => diffValues(config.name, [], config, later.get(config.name))),
    ...after.filter((config) => !earlier.has(config.name)).map(({ name }) => difference(name, [], undefined, name)),
  ];
}

/** "self: al.step_p_or_n was 40, is 50". */
export function describeDifference({ experiment, key, before, after }: PlanDifference): string {
  if (key === "") return `${experiment}: ${before === undefined ? "is new" : "is gone"}`;
  return `${experiment}: ${key} was ${JSON.stringify(before) ?? "absent"}, is ${JSON.stringify(after) ?? "absent"}`;
}

function diffValues(experiment: string, path: readonly string[], before: unknown, after: unknown): PlanDifference[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (!isSection(before) || !isSection(after)) {
    return path.length === 0
      ? [difference(experiment, path, experiment, undefined)]
      : [difference(experiment, path, before, after)];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => diffValues(experiment, [...path, key], before[key], after[key]));
}

const difference = (experiment: string, path: readonly string[], before: unknown, after: unknown): PlanDifference => ({
  experiment,
  key: path.join("."),
  before,
  after,
});

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
