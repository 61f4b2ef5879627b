import { strategies } from "../acquisition/strategies.ts";
import type { ExperimentConfig } from "../config/schema.ts";
import { models } from "../models/registry.ts";
import { tasks } from "../tasks/tasks.ts";

/** What a plan names that Pupil knows of but does not have yet, a line each; empty where it can run. */
export function missingParts(experiments: readonly ExperimentConfig[]): string[] {
  const lines = experiments.flatMap(({ task, al, acquisition_model, successor_model }) => [
    ...(tasks.planned.includes(task) ? [`task '${task}' is not there yet`] : []),
    ...(strategies.planned.includes(al.strategy) ? [`strategy '${al.strategy}' is not there yet`] : []),
    ...[acquisition_model, successor_model].map(({ name }) => models.find(name)?.missing),
  ]);
  return [...new Set(lines.filter((line) => line !== undefined))];
}
