import type { ExperimentConfig } from "../config/schema.ts";
import type { Relation } from "../evaluation/curve.ts";
import { wasDistilledFrom } from "../models/published_models.ts";
import { models } from "../models/registry.ts";

/** How an experiment's acquisition model relates to its successor: the config's word, else the model registry's. */
export function relationOf({ al, acquisition_model, successor_model }: ExperimentConfig): Relation {
  if (al.strategy === "random") return "random";
  if (acquisition_model.name === successor_model.name) return "self";
  const { name, distilled_from } = acquisition_model;
  const isDistilled = distilled_from === null
    ? models.find(name)?.distilledFrom === successor_model.name || wasDistilledFrom(name, successor_model.name)
    : distilled_from === successor_model.name;
  return isDistilled ? "distilled" : "mismatched";
}
