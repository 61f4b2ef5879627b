import { wasDistilledFrom } from "../models/published_models.ts";
import type { Curve, Relation } from "./curve.ts";

/** Every relation, in the order in which a group is read: the baselines first. */
export const relations: readonly Relation[] = ["random", "self", "distilled", "mismatched"];

/** The relation that a curve's own words imply: strategy `random` is the random baseline, `al_type: one` is self-selection. */
export function impliedRelation(curve: Pick<Curve, "al_type" | "strategy">): Relation | undefined {
  if (curve.strategy === "random") return "random";
  return curve.al_type === "one" ? "self" : undefined;
}

/** The relation of two models by their names, where both are published ones or the thesis's words for them. It is never guessed. */
export function publishedRelation(acquisition: string, successor: string): Relation | undefined {
  const isDistilled = wasDistilledFrom(acquisition, successor);
  return isDistilled === undefined ? undefined : isDistilled ? "distilled" : "mismatched";
}

/** How a relation is written for people; a relation that nobody gave says so. */
export function relationWord(relation: Relation | null | undefined): string {
  return relation ?? "not given";
}

/** Where a relation stands when arms are listed; those not given come last. */
export function relationRank(relation: Relation | null | undefined): number {
  return relation ? relations.indexOf(relation) : relations.length;
}
