import type { CurvesGist, CurvesWords } from "../texts/charts.ts";
import { decimal } from "./numbers.ts";

/** Decimals of a score wherever one is read. */
export const scoreDigits = 3;

interface Named {
  readonly name: string;
  readonly scores: readonly number[];
}

/** What the curves say: their last points, and who leads where they can be compared. */
export function curvesGist(
  series: readonly Named[],
  counts: readonly number[],
  metric: string,
  { locale, metric: metricName }: Pick<CurvesWords, "locale" | "metric">,
): CurvesGist {
  const begun = series.filter(({ scores }) => scores.length > 0);
  const last = begun.map(({ name, scores }) => ({
    name,
    labelled: counts[scores.length - 1] ?? 0,
    score: decimal(scores.at(-1)!, scoreDigits, locale),
  }));
  const gist = { metric: metricName(metric), planned: counts.at(-1) ?? 0, last };
  const shared = Math.min(...begun.map(({ scores }) => scores.length));
  const [first, second] = begun.map(({ name, scores }) => ({ name, score: scores[shared - 1]! }))
    .sort((a, b) => b.score - a.score);
  if (!first || !second) return gist;
  const by = decimal(first.score - second.score, scoreDigits, locale);
  if (Number(by.replace(",", ".")) === 0) return gist;
  return { ...gist, leader: { name: first.name, by, labelled: counts[shared - 1] ?? 0 } };
}
