import type { Curve } from "./curve.ts";
import { relationRank } from "./relation.ts";

/**
 * One order for curves wherever they are listed or written: data set, successor, metric, relation (baselines first),
 * acquisition model, strategy, AL type, seed as a number. By code unit, so that every machine agrees.
 */
export function compareCurves(a: Curve, b: Curve): number {
  return compareText(a.dataset, b.dataset) ||
    compareText(a.successor, b.successor) ||
    compareText(a.metric, b.metric) ||
    relationRank(a.relation) - relationRank(b.relation) ||
    compareText(a.acquisition, b.acquisition) ||
    compareText(a.strategy, b.strategy) ||
    compareText(a.al_type, b.al_type) ||
    compareSeeds(a.seed, b.seed);
}

/** Numbers by value, before anything that is not a number. */
export function compareSeeds(a: string, b: string): number {
  const [left, right] = [Number(a), Number(b)];
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || compareText(a, b);
  }
  return left - right || compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
