import { html, type TemplateResult } from "lit";
import type { CurvesWords } from "../texts/charts.ts";
import { scoreDigits } from "./curve_gist.ts";
import type { CurveSeries } from "./curve_series.ts";
import { decimal } from "./numbers.ts";

/** The curves in numbers, behind a disclosure: a row for each planned point, a column for each seed of each series. */
export function curvesTable(
  series: readonly CurveSeries[],
  counts: readonly number[],
  metric: string,
  words: CurvesWords,
): TemplateResult {
  const columns = series.flatMap(({ name, scores, otherSeeds }) => [
    { title: name, scores },
    ...otherSeeds.map((other) => ({ title: words.otherSeed(name, other.seed), scores: other.scores })),
  ]);
  const caption = words.tableCaption(words.metric(metric));
  const cell = (score: number | undefined) =>
    score === undefined
      ? html`<span class="visually-hidden">${words.notYet}</span>`
      : decimal(score, scoreDigits, words.locale);
  return html`
    <details>
      <summary>${words.table}</summary>
      <div class="scrolling" role="region" tabindex="0" aria-label=${caption}>
        <table>
          <caption>${caption}</caption>
          <thead>
            <tr>
              <th scope="col" class="number">${words.tableCount}</th>
              ${columns.map(({ title }) => html`<th scope="col" class="number">${title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${counts.map((count, point) =>
              html`<tr>
              <th scope="row" class="number">${count.toLocaleString(words.locale)}</th>
              ${columns.map(({ scores }) => html`<td class="number">${cell(scores[point])}</td>`)}
            </tr>`
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}
