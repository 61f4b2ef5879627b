import type { SeriesKind } from "./line_look.ts";

/** A curve: the metric by round on the chosen seed, and on seeds that were run before. */
export interface CurveSeries {
  /** What stands at its end; unique in a chart. */
  readonly name: string;
  readonly kind: SeriesKind;
  readonly scores: readonly number[];
  readonly otherSeeds: readonly { readonly seed: number; readonly scores: readonly number[] }[];
}

/** The two curves whose difference in area is shown, the one that should be ahead first. */
export type LitArea = "asm-random" | "self-random" | "asm-self";

/** A point that is looked at: a curve, by its place among the series, and a round. */
export interface ActivePoint {
  readonly series: number;
  readonly at: number;
}

/** The curves of a lit area; undefined where one of them is not there. */
export function litPair(
  series: readonly CurveSeries[],
  lit: LitArea | undefined,
): readonly [CurveSeries, CurveSeries] | undefined {
  const [first, second] = (lit ?? "").split("-").map((kind) => series.find((each) => each.kind === kind));
  return first && second && [first, second];
}

/** Every score, of all seeds. */
export function allScores(series: readonly CurveSeries[]): number[] {
  return series.flatMap(({ scores, otherSeeds }) => [...scores, ...otherSeeds.flatMap((other) => other.scores)]);
}

/** Where a key leads from a point; undefined for a key that leads nowhere. */
export function steppedTo(series: readonly CurveSeries[], from: ActivePoint, key: string): ActivePoint | undefined {
  const last = series[from.series]!.scores.length - 1;
  switch (key) {
    case "ArrowLeft":
      return { ...from, at: Math.max(0, from.at - 1) };
    case "ArrowRight":
      return { ...from, at: Math.min(last, from.at + 1) };
    case "Home":
      return { ...from, at: 0 };
    case "End":
      return { ...from, at: last };
    case "ArrowUp":
      return beside(series, from, 1);
    case "ArrowDown":
      return beside(series, from, -1);
    default:
      return undefined;
  }
}

/** The next curve above or below; a shorter one at its end. */
function beside(series: readonly CurveSeries[], { series: own, at }: ActivePoint, by: 1 | -1): ActivePoint {
  const score = ({ scores }: CurveSeries) => scores[Math.min(at, scores.length - 1)]!;
  const rising = series.map((_, index) => index).filter((index) => series[index]!.scores.length > 0)
    .sort((a, b) => score(series[a]!) - score(series[b]!) || a - b);
  const rank = Math.min(rising.length - 1, Math.max(0, rising.indexOf(own) + by));
  const next = rising[rank]!;
  return { series: next, at: Math.min(at, series[next]!.scores.length - 1) };
}
