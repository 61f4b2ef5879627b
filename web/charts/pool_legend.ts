import { html, svg, type TemplateResult } from "lit";
import type { RoundView } from "../engine/api.ts";
import type { Measure, ScatterWords } from "../texts/charts.ts";
import { decimal } from "./numbers.ts";
import { uncertaintyScale } from "./uncertainty.ts";

/** Decimals of an uncertainty wherever one is read. */
export const uncertaintyDigits = 2;

/** What the colours and marks of the pool mean. */
export function poolLegend(
  view: RoundView,
  measure: Measure,
  strategy: string,
  ramp: readonly string[],
  words: ScatterWords,
): TemplateResult {
  const { sure, unsure } = uncertaintyScale(view, measure);
  const value = (end: number) => decimal(end, uncertaintyDigits, words.locale);
  return html`
    <div class="legend">
      <span>${words.measure[measure]}</span>
      <span>${words.sure} ${value(sure)}
        <svg class="ramp" viewBox="0 0 ${ramp.length} 1" preserveAspectRatio="none" aria-hidden="true">${ramp.map((
          colour,
          at,
        ) => svg`<rect x=${at} width="1" height="1" shape-rendering="crispEdges" fill=${colour}/>`)}</svg>
        ${value(unsure)} ${words.unsure}</span>
      <span><svg class="mark" viewBox="0 0 18 18" aria-hidden="true"><circle class="ring" cx="9" cy="9" r="3.5"/></svg>
        ${words.labelled}</span>
      <span><svg class="mark" viewBox="0 0 18 18" aria-hidden="true"><circle class="outline" cx="9" cy="9" r="7"/>
        <circle class="inner" cx="9" cy="9" r="4" fill=${ramp.at(-1)!}/></svg>
        ${words.picked(strategy)}</span>
    </div>
  `;
}
