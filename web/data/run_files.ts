import type { ExperimentConfig } from "../../src/config/schema.ts";
import type { Files } from "../../src/host.ts";

/** The part of a plan that says which files its run directory has. */
export type RunLayout = readonly Pick<ExperimentConfig, "name" | "seeds">[];

/** Whether a file has a place in a run directory. Pictures and reports, which are made from the others, have none. */
export function isRunFile(path: string, layout: RunLayout): boolean {
  if (path === "plan.json" || path === "curves.csv" || /^trainings\/[A-Za-z0-9._-]+\.json$/.test(path)) return true;
  const [experiment, seed, file, ...deeper] = path.split("/");
  if (deeper.length > 0 || !/^(journal\.jsonl|scores-\d+\.bin)$/.test(file ?? "")) return false;
  return layout.some(({ name, seeds }) => name === experiment && seeds.some((each) => `seed-${each}` === seed));
}

/** The paths of a run directory's files, sorted. */
export async function runFiles(run: Files, layout: RunLayout): Promise<string[]> {
  const folders = [
    "",
    "trainings",
    ...layout.flatMap(({ name, seeds }) => seeds.map((seed) => `${name}/seed-${seed}`)),
  ];
  const paths: string[] = [];
  for (const folder of folders) {
    for (const name of await run.list(folder)) paths.push(folder === "" ? name : `${folder}/${name}`);
  }
  return paths.filter((path) => isRunFile(path, layout)).sort();
}
