import { quantile } from "d3-array";
import type { RoundView } from "../engine/api.ts";
import type { Measure } from "../texts/charts.ts";

/** What two classes can reach at most: the scale never ends below it, so that a sure pool looks sure. */
const leastTop: Readonly<Record<Measure, number>> = { entropy: Math.LN2, margin: 1, leastConfidence: 0.5 };

/** The values of a measure that are coloured as quite sure and quite unsure. */
export interface UncertaintyScale {
  readonly sure: number;
  readonly unsure: number;
}

/**
 * The scale of a round. A margin lies between 0 and 1, and a large one is sure. How high entropy and least confidence can go depends
 * on the number of classes: their scale ends at the 98th percentile, or at what two classes can reach where that is more.
 */
export function uncertaintyScale(view: RoundView, measure: Measure): UncertaintyScale {
  if (measure === "margin") return { sure: 1, unsure: 0 };
  return { sure: 0, unsure: Math.max(leastTop[measure], quantile(view[measure], 0.98) ?? 0) };
}

/** Where each example stands on the scale: 0 quite sure, 1 quite unsure. */
export function uncertaintyLevels(view: RoundView, measure: Measure): Float32Array {
  const { sure, unsure } = uncertaintyScale(view, measure);
  return view[measure].map((value) => Math.min(1, Math.max(0, (value - sure) / (unsure - sure))));
}

/** A quarter of the pool by uncertainty. */
export interface Quarter {
  /** Smallest and largest value of the measure in it; NaN for a quarter without examples. */
  readonly from: number;
  readonly to: number;
  readonly points: number;
  readonly labelled: number;
  readonly picks: number;
}

/** The pool in four parts of equal size, the least sure first; equal values in the order of the pool. */
export function quarters(view: RoundView, measure: Measure, picks: readonly number[]): Quarter[] {
  const values = view[measure];
  const sign = measure === "margin" ? 1 : -1;
  const order = Array.from(values, (_, index) => index).sort((a, b) => sign * (values[a]! - values[b]!) || a - b);
  const picked = new Set(picks);
  return [0, 1, 2, 3].map((quarter) => {
    const members = order.slice(
      Math.round((order.length * quarter) / 4),
      Math.round((order.length * (quarter + 1)) / 4),
    );
    const ends = [values[members[0]!] ?? NaN, values[members.at(-1)!] ?? NaN];
    return {
      from: Math.min(...ends),
      to: Math.max(...ends),
      points: members.length,
      labelled: members.filter((index) => view.labelled[index]).length,
      picks: members.filter((index) => picked.has(index)).length,
    };
  });
}

/** The mean of a measure over what was not labelled; NaN where all was. */
export function meanUncertainty(view: RoundView, measure: Measure): number {
  let sum = 0;
  let count = 0;
  view[measure].forEach((value, index) => {
    if (view.labelled[index]) return;
    sum += value;
    count++;
  });
  return sum / count;
}
