import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { ExperimentConfig } from "../../src/config/schema.ts";
import { type ResolvedPlan, resolvePlan } from "../../src/config/plan.ts";

const configs = join(import.meta.dirname!, "../../configs");

/** The names of the configs that come with Pupil. */
export const configNames: readonly string[] = readdirSync(configs, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
  .map((entry) => relative(configs, join(entry.parentPath, entry.name)).replace(/\.yaml$/, "").replaceAll("\\", "/"));

export function configText(name: string): string {
  return readFileSync(join(configs, `${name}.yaml`), "utf8");
}

/** The path of a listing of the thesis. */
export function listingFile(number: number): string {
  const name = readdirSync(join(configs, "thesis")).find((each) => each.startsWith(`listing${number}_`));
  return join(configs, "thesis", name!);
}

export const listing = (number: number): string => readFileSync(listingFile(number), "utf8");

/** The second day of 2026, a little after three at night, by the local clock. */
export const now = new Date(2026, 0, 2, 3, 4, 5);

/** Resolves a config against the real base configs and, before them, those given by name. */
export function resolve(
  source: string,
  overrides: readonly string[] = [],
  own: Readonly<Record<string, string>> = {},
): Promise<ResolvedPlan> {
  return resolvePlan({
    source,
    file: "plan.yaml",
    overrides,
    configNames: [...configNames, ...Object.keys(own)],
    now,
    load: (name) => Promise.resolve(own[name] ?? (configNames.includes(name) ? configText(name) : undefined)),
  });
}

/** The only experiment of a config. */
export async function one(...args: Parameters<typeof resolve>): Promise<ExperimentConfig> {
  const { experiments } = await resolve(...args);
  if (experiments.length !== 1) throw new Error(`${experiments.length} experiments`);
  return experiments[0]!;
}

/** The message of the InputError that a config is refused with. */
export async function refusal(...args: Parameters<typeof resolve>): Promise<string> {
  try {
    await resolve(...args);
  } catch (error) {
    if (error instanceof Error && error.name === "InputError") return error.message;
    throw error;
  }
  throw new Error("was not refused");
}

/** A complete experiment in few lines, for tests that change one thing. */
export const simple = "defaults: [al_cls]\nacquisition_model: { name: bert }\n";
