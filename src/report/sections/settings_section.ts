import { sum } from "d3-array";
import { type Markup, markup } from "../markup.ts";
import type { ReportData } from "../report_data.ts";
import { scrolling } from "./scrolling.ts";

/** All that is needed to run this again, and what it ran on. */
export function settingsSection({ plan, trainings }: ReportData): Markup {
  const settings = plan.experiments.map((experiment) => flatten(experiment));
  const keys = [...new Set(settings.flatMap((of) => [...of.keys()]))];
  const shared = keys.filter((key) => settings.every((of) => of.get(key) === settings[0]!.get(key)));
  const differing = keys.filter((key) => key !== "name" && !shared.includes(key));
  const seconds = sum(trainings.values(), (training) => training.seconds + (training.evaluation?.seconds ?? 0));
  return markup`<section aria-labelledby="settings">
<h2 id="settings">Settings and versions</h2>
<dl class="facts">
<dt>Adapter</dt><dd>${plan.adapter || "not given"}</dd>
<dt>Versions</dt><dd>${
    Object.entries(plan.versions).map(([name, version]) => `${name} ${version}`).join(", ") || "not given"
  }</dd>
<dt>Data</dt><dd>${Object.entries(plan.data).map(([name, hash]) => markup`${name} <code>${hash}</code> `)}</dd>
<dt>Plan</dt><dd><code>${plan.hash}</code></dd>
<dt>Trainings</dt><dd>${trainings.size}, ${duration(seconds)} of training and evaluation in all</dd>
</dl>
${differing.length > 0 && differences(plan.experiments.map(({ name }) => name), settings, differing)}
<h3 id="settings-shared">What all experiments share</h3>
<dl class="settings">${shared.map((key) => markup`<div><dt>${key}</dt><dd>${settings[0]!.get(key)}</dd></div>\n`)}</dl>
</section>
`;
}

function differences(
  names: readonly string[],
  settings: readonly ReadonlyMap<string, string>[],
  keys: readonly string[],
): Markup {
  return markup`<h3 id="settings-differing">What differs between experiments</h3>
${
    scrolling(
      "settings-differing",
      markup`<table>
<caption><span>A dash where an experiment has no such setting.</span></caption>
<thead><tr><th scope="col">setting</th>${names.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${
        keys.map((key) =>
          markup`<tr><th scope="row"><code>${key}</code></th>${
            settings.map((of) => markup`<td>${of.get(key) ?? "–"}</td>`)
          }</tr>\n`
        )
      }</tbody>
</table>`,
    )
  }`;
}

/** "al.ups.gamma" to "0.1", in the order of the document. Lists of plain values stay whole. */
function flatten(value: unknown, prefix = ""): Map<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return new Map([[prefix, typeof value === "string" ? value : JSON.stringify(value) ?? "none"]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, member]) => [...flatten(member, prefix === "" ? key : `${prefix}.${key}`)]),
  );
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${(minutes / 60).toFixed(1)} hours`;
}
