import type { Curve, Relation } from "./curve.ts";

/** Every relation, in the order in which a group is read: the baselines first. */
export const relations: readonly Relation[] = ["random", "self", "distilled", "mismatched"];

/**
 * The relation that a curve's own words imply: strategy `random` is the random baseline, `al_type: one` is self-selection.
 * Whether another acquisition model was distilled from its successor cannot be read from names, so it is not guessed.
 */
export function impliedRelation(curve: Pick<Curve, "al_type" | "strategy">): Relation | undefined {
  if (curve.strategy === "random") return "random";
  return curve.al_type === "one" ? "self" : undefined;
}

/** How a relation is written for people; a relation that nobody gave says so. */
export function relationWord(relation: Relation | null | undefined): string {
  return relation ?? "not given";
}

/** Where a relation stands when arms are listed; those not given come last. */
export function relationRank(relation: Relation | null | undefined): number {
  return relation ? relations.indexOf(relation) : relations.length;
}
