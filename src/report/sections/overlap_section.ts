import { decimal } from "../../evaluation/number_text.ts";
import { type Arm, type ArmGroup, armName, groupTitle, pickerName } from "../arm.ts";
import type { LineChart } from "../line_chart.ts";
import { type Markup, markup } from "../markup.ts";
import { overlapByRound } from "../overlap.ts";
import { heat } from "./heat.ts";
import { figure } from "./learning_curves.ts";
import { scrolling } from "./scrolling.ts";

/** How alike the acquisition models of each group pick. */
export function overlapSection(groups: readonly ArmGroup[]): Markup | undefined {
  const shown = groups.filter(({ arms }) => arms.filter(hasPicked).length > 1);
  if (shown.length === 0) return undefined;
  return markup`<section aria-labelledby="overlap">
<h2 id="overlap">Overlap of what was picked</h2>
<p>Two models that pick the same examples serve the successor alike; this shows how alike they pick. The Jaccard index is the share of
all examples picked by either that were picked by both: 0 for none in common, 1 for the same. Random picks show what chance alone
gives. The shared first batch is left out.</p>
${shown.map((group, index) => groupSection(group, `overlap-${index}`))}
</section>
`;
}

function hasPicked({ runs }: Arm): boolean {
  return runs.some(({ events }) => events.some(({ event }) => event === "acquire"));
}

function groupSection(group: ArmGroup, id: string): Markup {
  const arms = group.arms.filter(hasPicked);
  const charts = arms.filter(({ relation }) => relation === "self").map((self) => overlapChart(self, arms, group));
  return markup`<h3 id="${id}">${groupTitle(group)}</h3>
${charts.map((chart, index) => figure(chart, `${id}-${index}`))}
${scrolling(id, heatTable(arms, group))}
`;
}

function overlapChart(self: Arm, arms: readonly Arm[], group: ArmGroup): LineChart {
  const others = arms.filter((arm) => arm !== self && (arm.relation !== "self"));
  const lines = others.map((arm) => {
    const overlap = overlapByRound(self.runs, arm.runs);
    return {
      label: arm.relation ?? "not given",
      sublabel: arm.relation === "random" ? "" : arm.acquisition,
      relation: arm.relation,
      points: overlap.map((y, round) => ({ x: round + 1, y })),
    };
  });
  const most = Math.max(0.1, ...lines.flatMap(({ points }) => points.map(({ y }) => y)));
  return {
    title: `Overlap with what ${pickerName(self, group)} picked for itself`,
    subtitle: "all picks so far; mean over seeds",
    xLabel: "round",
    yLabel: "Jaccard index",
    description: `How much of what each arm picked ${self.acquisition} picked too. ` +
      lines.map(({ label, points }) => `${label}: ${decimal(points.at(-1)?.y ?? 0, 3)} at the end.`).join(" "),
    lines,
    yDomain: [0, most],
  };
}

function heatTable(arms: readonly Arm[], group: ArmGroup): Markup {
  const names = arms.map((arm) => armName(arm, group));
  return markup`<table>
<caption><span>Jaccard index of all picks, at the last round that both have reached.</span></caption>
<thead><tr><td></td>${names.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${
    arms.map((arm, row) =>
      markup`<tr><th scope="row">${names[row]}</th>${arms.map((other) => heatCell(arm, other))}</tr>\n`
    )
  }</tbody>
</table>`;
}

function heatCell(arm: Arm, other: Arm): Markup {
  if (arm === other) return markup`<td class="number same">same</td>`;
  const overlap = overlapByRound(arm.runs, other.runs).at(-1);
  return overlap === undefined
    ? markup`<td class="number">no seed in common</td>`
    : markup`<td class="number ${heat(overlap)}">${decimal(overlap, 3)}</td>`;
}
