import type { Curve } from "../evaluation/curve.ts";
import { relationOf } from "./relation_of.ts";
import type { RunSpec } from "./run_loop.ts";

/** The learning curve of a run, from its points so far. */
export function curveOf({ config, seed, data }: RunSpec, scores: readonly number[]): Curve {
  return {
    dataset: data.name,
    successor: config.successor_model.name,
    acquisition: config.acquisition_model.name,
    relation: relationOf(config),
    al_type: config.al_type,
    strategy: config.al.strategy,
    seed: String(seed),
    metric: config.metric,
    scores,
  };
}
