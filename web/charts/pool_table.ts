import { html, type TemplateResult } from "lit";
import type { RoundView } from "../engine/api.ts";
import type { Measure, ScatterWords } from "../texts/charts.ts";
import { decimal } from "./numbers.ts";
import { uncertaintyDigits } from "./pool_legend.ts";
import { quarters } from "./uncertainty.ts";

/** The pool in numbers, behind a disclosure: its quarters by uncertainty. */
export function poolTable(
  view: RoundView,
  measure: Measure,
  picks: readonly number[],
  words: ScatterWords,
): TemplateResult {
  const caption = words.tableCaption(measure);
  const value = (end: number) => decimal(end, uncertaintyDigits, words.locale);
  const columns = [words.tableRange, words.tablePoints, words.tableLabelled, words.tablePicks];
  return html`
    <details>
      <summary>${words.table}</summary>
      <div class="scrolling" role="region" tabindex="0" aria-label=${caption}>
        <table>
          <caption>${caption}</caption>
          <thead>
            <tr>
              <th scope="col">${words.tableQuarter}</th>
              ${columns.map((title) => html`<th scope="col" class="number">${title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${quarters(view, measure, picks).map((quarter, place) =>
              html`<tr>
              <th scope="row">${words.quarters[place]}</th>
              <td class="number">${quarter.points > 0 ? `${value(quarter.from)} … ${value(quarter.to)}` : ""}</td>
              ${
                [quarter.points, quarter.labelled, quarter.picks].map((count) =>
                  html`<td class="number">${count.toLocaleString(words.locale)}</td>`
                )
              }
            </tr>`
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}
