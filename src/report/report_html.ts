import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { InputError } from "../errors.ts";
import { reuGroups } from "../evaluation/reu_groups.ts";
import type { ReuGroup } from "../evaluation/reu_row.ts";
import { armGroups } from "./arm.ts";
import { type Markup, Markup as Raw, markup } from "./markup.ts";
import type { ReportData } from "./report_data.ts";
import { reportStyle } from "./report_style.ts";
import { classSection } from "./sections/class_section.ts";
import { confusionSection } from "./sections/confusion_section.ts";
import { learningCurves } from "./sections/learning_curves.ts";
import { overlapSection } from "./sections/overlap_section.ts";
import { reuTables } from "./sections/reu_tables.ts";
import { settingsSection } from "./sections/settings_section.ts";
import { summary } from "./sections/summary.ts";

/**
 * The report of a run as one HTML document that loads nothing: no script, no network, and a policy that lets nothing else in.
 * Every text of a data set, a model or a config is text in it, never markup.
 */
export function reportHtml(data: ReportData): string {
  const arms = armGroups(data);
  const { groups, refusal } = comparisons(data);
  const sections = [
    {
      id: "summary",
      name: "Summary",
      body: summary({ ...data, notices: [...data.notices, ...refusal] }, arms, groups),
    },
    { id: "curves", name: "Learning curves", body: learningCurves(data) },
    { id: "reu", name: "Reusability", body: reuTables(groups) },
    { id: "overlap", name: "Overlap", body: overlapSection(arms) },
    { id: "classes", name: "Classes", body: classSection(arms) },
    { id: "confusion", name: "Confusion", body: confusionSection(arms, data) },
    { id: "settings", name: "Settings", body: settingsSection(data) },
  ].filter(({ body }) => body !== undefined);
  return page(
    data.plan.name,
    markup`<nav aria-label="Sections"><ul>${
      sections.map(({ id, name }) => markup`<li><a href="#${id}">${name}</a></li>`)
    }</ul></nav>`,
    markup`${sections.map(({ body }) => body)}`,
  ).text;
}

/** Curves that cannot be compared leave the rest of the report as it is; it says why there is no REU. */
function comparisons({ curves }: ReportData): { groups: readonly ReuGroup[]; refusal: readonly string[] } {
  try {
    return { groups: reuGroups(curves), refusal: [] };
  } catch (error) {
    if (error instanceof InputError) return { groups: [], refusal: [`No REU: ${error.message}.`] };
    throw error;
  }
}

function page(name: string, nav: Markup, main: Markup): Markup {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(reportStyle)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${name}: active learning report</title>
<style>${new Raw(reportStyle)}</style>
</head>
<body>
<header>
<h1>${name}</h1>
<p>Active learning report</p>
${nav}
</header>
<main>
${main}</main>
<footer>Written by Pupil.</footer>
</body>
</html>
`;
}

/** Only this style sheet, by its hash; nothing else of any kind. */
function policy(style: string): string {
  const digest = btoa(String.fromCharCode(...sha256(utf8ToBytes(style))));
  return `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
}
