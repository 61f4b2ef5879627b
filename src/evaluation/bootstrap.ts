import { quantileSorted } from "d3-array";
import { random } from "../random.ts";

/** [low, high], both ends included. */
export type Interval = readonly [low: number, high: number];

/** How many times the seeds are drawn again. */
export const resamples = 10_000;

/** The share of resamples that an interval holds. */
export const confidence = 0.95;

/**
 * Bootstrap over seeds, paired: seeds are drawn with replacement, and every column is averaged over the same draw, so that
 * what a seed does to all arms alike (its warm start, its new head) drops out of their differences. The draws depend on the
 * number of seeds only: the same file gives the same intervals, and rows can be compared.
 *
 * @param columns one value a seed in each, in one order of seeds
 * @returns for each column its mean in each of the {@link resamples}; null with fewer than two seeds, which say nothing of spread
 * @see Efron & Tibshirani, An Introduction to the Bootstrap, 1993
 */
export function resampledMeans(columns: readonly (readonly number[])[]): Float64Array[] | null {
  const seeds = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== seeds)) throw new RangeError("paired columns differ in length");
  if (seeds < 2) return null;
  const draws = random("bootstrap over seeds", seeds);
  const means = columns.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    for (let drawn = 0; drawn < seeds; drawn++) {
      const seed = draws.below(seeds);
      for (let column = 0; column < columns.length; column++) {
        means[column]![resample]! += columns[column]![seed]! / seeds;
      }
    }
  }
  return means;
}

/** The middle {@link confidence} of some values (percentile method); null where there are none. */
export function percentileInterval(values: Float64Array): Interval | null {
  if (values.length === 0) return null;
  const sorted = Array.from(values.toSorted());
  const tail = (1 - confidence) / 2;
  return [quantileSorted(sorted, tail)!, quantileSorted(sorted, 1 - tail)!];
}
