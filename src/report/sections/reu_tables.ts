import { seedList } from "../../evaluation/arms.ts";
import type { Interval } from "../../evaluation/bootstrap.ts";
import { hypotheses } from "../../evaluation/hypotheses.ts";
import { confidenceText, decimal, intervalText, signed } from "../../evaluation/number_text.ts";
import { relationWord } from "../../evaluation/relation.ts";
import type { ReuGroup, ReuRow } from "../../evaluation/reu_row.ts";
import { foundBy } from "../../evaluation/verdict.ts";
import { groupTitle } from "../arm.ts";
import { metricTitle } from "../curve_charts.ts";
import { type Markup, markup } from "../markup.ts";
import { typographic } from "../typographic.ts";
import { scrolling } from "./scrolling.ts";

/** The REU table of every group, what to know of its numbers, and what it says of the hypotheses. */
export function reuTables(groups: readonly ReuGroup[]): Markup | undefined {
  if (groups.length === 0) return undefined;
  return markup`<section aria-labelledby="reu">
<h2 id="reu">Reusability (REU)</h2>
<p><b>AULC</b> is the area under a learning curve: the metric, summed over all rounds, as a mean over seeds.
<b>REU</b> = (AULC of the picks − AULC random) / (AULC self − AULC random) − 1. At 0 the picks serve the successor as well as its own, above 0
better; at −1 they serve no better than random ones, below −1 worse. It divides by what self-selection gains over random, so where
that gain is not clear, REU means nothing and its verdict says <i>undefined</i>.</p>
${groups.map((group, index) => groupSection(group, `reu-${index}`))}
</section>
`;
}

function groupSection(group: ReuGroup, id: string): Markup {
  const body = group.rows.length > 0
    ? markup`${table(group, id)}
<div class="hypotheses"><h4>What this says of the hypotheses</h4>${
      hypotheses(group).map((paragraph) => markup`<p>${typographic(paragraph)}</p>`)
    }</div>`
    : selfSelection(group);
  return markup`<h3 id="${id}">${title(group)}</h3>
${body}
${
    group.notices.length > 0 &&
    markup`<ul class="small">${group.notices.map((notice) => markup`<li>${typographic(notice)}</li>`)}</ul>`
  }
`;
}

function selfSelection({ selfSelection }: ReuGroup): Markup | undefined {
  if (!selfSelection) return undefined;
  const { aulc_random, aulc_self, self_minus_random, self_minus_random_interval } = selfSelection;
  return markup`<p>Self-selection has AULC ${decimal(aulc_self, 4)}, random ${decimal(aulc_random, 4)}: a difference of
${difference(self_minus_random, self_minus_random_interval)}.</p>`;
}

function table({ rows }: ReuGroup, id: string): Markup {
  const resampled = Math.max(...rows.map((row) => row.resamples));
  const caption = resampled > 0
    ? `In brackets: ${confidenceText} intervals from ${thousands(resampled)} resamples of the seeds, paired by seed.`
    : "One seed, or a mean: no intervals can be given.";
  return scrolling(
    id,
    markup`<table class="reu">
<caption><span>${caption}</span></caption>
<thead><tr><th scope="col">acquisition model</th><th scope="col">REU</th><th scope="col">verdict</th><th scope="col">AULC</th><th scope="col">differences of AULC</th></tr></thead>
<tbody>${rows.map(tableRow)}</tbody>
</table>`,
  );
}

function tableRow(row: ReuRow): Markup {
  const tone = foundBy(row.verdict)?.split(" ")[0] ?? "undefined";
  return markup`<tr><th scope="row">${row.acquisition}<br><span class="small">${relationWord(row.relation)}; ${
    seedList(row.seeds)
  }; ${row.points} ${row.points === 1 ? "point" : "points"}</span></th>
<td class="number">${
    row.reu === null ? "none" : markup`<b>${typographic(signed(row.reu, 3))}</b>${interval(row.reu_interval, 3)}`
  }</td>
<td><span class="verdict ${tone}">${row.verdict}</span>${
    row.resamples_undefined > 0 && markup`<br><span class="small">self did not beat random in
${thousands(row.resamples_undefined)} of ${thousands(row.resamples)} resamples</span>`
  }</td>
<td>${
    figures([["random", decimal(row.aulc_random, 4)], ["self", decimal(row.aulc_self, 4)], [
      "picks",
      decimal(row.aulc_asm, 4),
    ]])
  }</td>
<td>${
    figures([
      ["self − random", difference(row.self_minus_random, row.self_minus_random_interval)],
      ["picks − random", difference(row.asm_minus_random, row.asm_minus_random_interval)],
      ["picks − self", difference(row.asm_minus_self, row.asm_minus_self_interval)],
    ])
  }</td></tr>
`;
}

function figures(entries: readonly (readonly [name: string, value: string | Markup])[]): Markup {
  return markup`<dl class="figures">${
    entries.map(([name, value]) => markup`<dt>${name}</dt><dd class="number">${value}</dd>`)
  }</dl>`;
}

function difference(value: number, bounds: Interval | null): string {
  return typographic(`${signed(value, 4)}${bounds ? ` ${intervalText(bounds, 4)}` : ""}`);
}

function interval(bounds: Interval | null, digits: number): Markup | null {
  return bounds && markup`<br><span class="small">${typographic(intervalText(bounds, digits))}</span>`;
}

function thousands(count: number): string {
  return count.toLocaleString("en-US");
}

function title({ dataset, successor, strategy, metric }: ReuGroup): string {
  return `${groupTitle({ dataset, successor })}: ${metricTitle(metric)}, strategy ${strategy}`;
}
