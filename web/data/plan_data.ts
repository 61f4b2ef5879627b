import type { PlanRecord } from "../../src/experiment/records.ts";

/** The files of the person's own that a plan names, each once. */
export function dataPaths({ experiments }: Pick<PlanRecord, "experiments">): string[] {
  const paths = experiments.flatMap(({ data: { train, test } }) => [train, test]);
  return [...new Set(paths.filter((path) => path !== null))];
}
