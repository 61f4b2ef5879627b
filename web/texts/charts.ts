/** A measure of uncertainty by which the pool is coloured. */
export type Measure = "entropy" | "margin" | "leastConfidence";

/** One curve's last point, for the sentence that stands in for the chart. */
export interface LastPoint {
  readonly name: string;
  readonly labelled: number;
  /** The metric's value, written out. */
  readonly score: string;
}

/** What the curves say in a sentence or two. */
export interface CurvesGist {
  readonly metric: string;
  /** Labelled examples at the last planned point. */
  readonly planned: number;
  readonly last: readonly LastPoint[];
  /** Who is ahead at the last point that all curves have, and by how much; absent for one curve alone, or a tie. */
  readonly leader?: { readonly name: string; readonly by: string; readonly labelled: number };
}

/** The words of `<learning-curves>`. */
export interface CurvesWords {
  /** How numbers are written: a language tag. */
  readonly locale: string;
  readonly xLabel: string;
  readonly metric: (name: string) => string;
  readonly gist: (gist: CurvesGist) => string;
  readonly empty: string;
  readonly keys: string;
  readonly plot: string;
  readonly point: (name: string, labelled: number, score: string) => string;
  readonly labelled: (count: number) => string;
  readonly notYet: string;
  readonly table: string;
  readonly tableCaption: (metric: string) => string;
  readonly tableCount: string;
  readonly otherSeed: (name: string, seed: number) => string;
  readonly band: string;
  readonly litArea: (upper: string, lower: string) => string;
}

/** The pool in numbers, for the sentence that stands in for the scatter. */
export interface PoolGist {
  readonly round: number;
  readonly points: number;
  readonly labelled: number;
  readonly picks: number;
  readonly strategy: string;
  readonly measure: Measure;
  /** Mean of the measure over what is not labelled, written out. */
  readonly mean: string;
}

/** One example as it is told when it is looked at. */
export interface PointGist {
  readonly id: string;
  readonly measure: Measure;
  readonly value: string;
  readonly labelled: boolean;
  /** Its place among the picks, from 1. */
  readonly pick?: number;
  readonly picks: number;
}

/** The words of `<pool-scatter>`. */
export interface ScatterWords {
  readonly locale: string;
  readonly measure: Readonly<Record<Measure, string>>;
  readonly summary: (gist: PoolGist) => string;
  readonly empty: string;
  readonly plot: string;
  readonly keys: string;
  readonly sure: string;
  readonly unsure: string;
  readonly labelled: string;
  readonly picked: (strategy: string) => string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly point: (gist: PointGist) => string;
  readonly state: (gist: PointGist) => string;
  readonly table: string;
  readonly tableCaption: (measure: Measure) => string;
  readonly tableQuarter: string;
  /** From the least sure to the surest. */
  readonly quarters: readonly [string, string, string, string];
  readonly tableRange: string;
  readonly tablePoints: string;
  readonly tableLabelled: string;
  readonly tablePicks: string;
}

/** All words of the charts. */
export interface ChartWords {
  readonly curves: CurvesWords;
  readonly scatter: ScatterWords;
}
