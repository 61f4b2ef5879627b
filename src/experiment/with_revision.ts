import type { ExperimentConfig, ModelConfig } from "../config/schema.ts";
import { InputError } from "../errors.ts";
import type { Files } from "../host.ts";
import { findModel } from "./find_model.ts";

/**
 * A plan that takes every model of the hub at a revision, other than those that have one of their own.
 *
 * @throws InputError where that would change nothing
 */
export function withRevision(
  experiments: readonly ExperimentConfig[],
  revision: string,
  userFiles: Files,
): ExperimentConfig[] {
  let changed = false;
  const at = (model: ModelConfig): ModelConfig => {
    if (model.revision !== undefined || !findModel(model.name, userFiles, "--revision").onHub) return model;
    changed = true;
    return { ...model, revision };
  };
  const revised = experiments.map((config) => ({
    ...config,
    acquisition_model: at(config.acquisition_model),
    successor_model: at(config.successor_model),
  }));
  if (changed) return revised;
  throw new InputError(
    `--revision ${revision} has no effect: the plan fetches no model from the hub without a revision of its own`,
  );
}
