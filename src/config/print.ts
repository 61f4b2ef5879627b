import { Document, isMap, visit } from "yaml";
import type { ResolvedPlan } from "./plan.ts";
import type { ExperimentConfig } from "./schema.ts";

/** A resolved plan as YAML, for a person to read: every key that has an effect, with its value. */
export function printPlan({ name, experiments }: Pick<ResolvedPlan, "name" | "experiments">): string {
  return yamlOf({ name, experiments: experiments.map(effective) });
}

/**
 * A resolved plan as a config that resolves to it again: every key with its value, those without effect too, since a run directory is
 * continued only under the same plan.
 */
export function printWholePlan({ name, experiments }: Pick<ResolvedPlan, "name" | "experiments">): string {
  return yamlOf({ name, experiments });
}

function yamlOf(plan: unknown): string {
  const document = new Document(plan, { aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_key, node) => {
      node.flow = !node.items.some(isMap);
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** An experiment without the keys that it does not use. */
function effective(config: ExperimentConfig): unknown {
  const { al, generation, acquisition_model, successor_model } = config;
  const idle = new Set<string>();
  if (al.sampling_type === "ups") idle.add("al.gamma_or_k_confident_to_save");
  else idle.add("al.ups");
  if (generation === null) idle.add("generation");
  for (const [model, { training }] of Object.entries({ acquisition_model, successor_model })) {
    const keys = training.step_rule === "fixed" ? ["epochs", "min_steps", "batch_size_args.min_batch_size"] : ["steps"];
    for (const key of keys) idle.add(`${model}.training.${key}`);
  }
  return kept(config, [], idle);
}

function kept(value: unknown, path: readonly string[], idle: ReadonlySet<string>): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, below]) => below !== null && !idle.has([...path, key].join(".")))
      .map(([key, below]) => [key, kept(below, [...path, key], idle)]),
  );
}
