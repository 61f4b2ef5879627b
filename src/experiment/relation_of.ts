import type { ExperimentConfig } from "../config/schema.ts";
import type { Relation } from "../evaluation/curve.ts";
import { models } from "../models/registry.ts";

/** How an experiment's acquisition model relates to its successor: the config's word, else the model registry's. */
export function relationOf({ al, acquisition_model, successor_model }: ExperimentConfig): Relation {
  if (al.strategy === "random") return "random";
  if (acquisition_model.name === successor_model.name) return "self";
  const teacher = acquisition_model.distilled_from ?? models.find(acquisition_model.name)?.distilledFrom;
  return teacher === successor_model.name ? "distilled" : "mismatched";
}
