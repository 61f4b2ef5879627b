import { confidenceText, decimal, intervalText, listed, percent, signed } from "./number_text.ts";
import { groupName } from "./reu_groups.ts";
import type { Contrast, ReuGroup, ReuRow } from "./reu_row.ts";
import { type Finding, foundBy } from "./verdict.ts";

/**
 * How one group bears on the hypotheses of thesis 3.2, which are stated in contrarium: rejecting one is the finding. One group
 * can speak for or against them; it cannot settle them, and the words here never claim that it does.
 *
 * @returns paragraphs: H1, H2, and both together; one alone where no relation is known
 */
export function hypotheses(group: ReuGroup): string[] {
  const { successor, rows } = group;
  const silent = rows.filter((row) => row.relation === null).map((row) => row.acquisition);
  const caveat = `This is one group (${
    groupName(group)
  }): it can speak for or against a hypothesis, but not settle it.`;
  const unknown =
    `How ${listed(silent)} ${silent.length > 1 ? "relate" : "relates"} to ${successor} is not given, so ` +
    `${silent.length > 1 ? "their rows bear" : "its row bears"} on neither hypothesis.`;
  if (silent.length > 0 && silent.length === rows.length) {
    return [
      `H1 is about models distilled from ${successor}, H2 about models that are not. ${unknown} A column 'relation' with ` +
      `distilled or mismatched would tell.`,
    ];
  }
  return [
    `H1 says that what a distilled model picks is unlikely to serve its teacher. ` +
    evidence(rows.filter((row) => row.relation === "distilled"), "H1", `a model distilled from ${successor}`),
    `H2 says that what a model picks is unlikely to serve a model that is not its teacher. ` +
    evidence(rows.filter((row) => row.relation === "mismatched"), "H2", `a model not distilled from ${successor}`),
    [
      ...group.contrasts.map((contrast) => contrastText(contrast, successor)),
      ...(silent.length > 0 ? [unknown] : []),
      caveat,
    ].join(" "),
  ];
}

function evidence(rows: readonly ReuRow[], hypothesis: string, kind: string): string {
  if (rows.length === 0) {
    return `No run here is known to be of ${kind}, so this group says nothing about ${hypothesis}.`;
  }
  return rows.map((row) => rowEvidence(row, hypothesis)).join(" ");
}

function rowEvidence(row: ReuRow, hypothesis: string): string {
  const finding = foundBy(row.verdict);
  if (!finding || row.reu === null) {
    const surely = row.self_minus_random > 0 ? "may not" : "does not";
    return `Self-selection ${surely} beat random here, so ${row.acquisition} says nothing about ${hypothesis}.`;
  }
  const known = `${row.acquisition} has REU ${decimal(row.reu, 3)}${
    row.reu_interval ? ` ${intervalText(row.reu_interval, 3)}` : ""
  }`;
  const leaning = speaks(row.reu);
  if (row.reu_interval === null) {
    return `${known}, from ${row.seeds.join() === "mean" ? "a mean over seeds" : "one seed"}: ` +
      `it ${leaning} ${hypothesis}, but without an interval it is a hint at most.`;
  }
  if (row.reu_interval.some((bound) => speaks(bound) !== leaning)) {
    return `${known}: by the number alone it ${leaning} ${hypothesis}, but the interval holds the opposite too.`;
  }
  return `${known}: it ${leaning} ${hypothesis}, since its picks ${effect(finding, row.reu)}.`;
}

/** Both hypotheses deny reuse; above -1 the picks serve better than random ones, which is reuse. */
function speaks(reu: number): "speaks against" | "agrees with" {
  return reu > -1 ? "speaks against" : "agrees with";
}

function effect(finding: Finding, reu: number): string {
  if (finding === "better than self") return "serve at least as well as the successor's own";
  if (finding === "worse than random") return "serve no better than random ones";
  return `keep ${percent(1 + reu)} of what the successor's own picks gain over random ones`;
}

function contrastText(contrast: Contrast, successor: string): string {
  const { distilled, mismatched, distilled_minus_mismatched: value } = contrast;
  const interval = contrast.distilled_minus_mismatched_interval;
  const figures = `${signed(value, 4)}${interval ? `, ${confidenceText} interval ${intervalText(interval, 4)}` : ""}`;
  const compared = `the picks of ${distilled} (distilled) against those of ${mismatched} (mismatched): AULC ${figures}`;
  if (!interval) return `For ${successor}, ${compared}; one seed cannot tell this from chance.`;
  const clear = interval[0] > 0 ? "better" : interval[1] < 0 ? "worse" : undefined;
  return clear
    ? `For ${successor}, ${compared}; the distilled model's picks serve ${clear}.`
    : `For ${successor}, ${compared}; the two cannot be told apart.`;
}
