import { sum } from "d3-array";
import { seedList } from "../../evaluation/arms.ts";
import type { TrainingRecord } from "../../experiment/records.ts";
import { type Arm, type ArmGroup, armName, groupTitle } from "../arm.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportData, RunJournal } from "../report_data.ts";
import { heat } from "./heat.ts";
import { scrolling } from "./scrolling.ts";

/** What the successor mistakes for what, after the last round of each run. */
export function confusionSection(groups: readonly ArmGroup[], data: ReportData): Markup | undefined {
  const shown = groups.flatMap((group) =>
    group.arms.flatMap((arm) => {
      const last = arm.runs.flatMap((run) => lastEvaluation(run, data) ?? []);
      return last.length > 0 ? [{ group, arm, last }] : [];
    })
  );
  if (shown.length === 0) return undefined;
  return markup`<section aria-labelledby="confusion">
<h2 id="confusion">Confusion matrices</h2>
<p>What the successor took each test example for, after the last round. A row is what is true, a column what it was taken as; the shade is the
share of its row. All that lies off the diagonal is a mistake.</p>
<div class="tables">${
    shown.map(({ group, arm, last }, index) => armTables(group, arm, last, `confusion-${index}`))
  }</div>
</section>
`;
}

interface LastEvaluation {
  readonly seed: number;
  readonly round: number;
  readonly labels: readonly string[];
  readonly confusion: readonly (readonly number[])[];
}

function lastEvaluation(run: RunJournal, { trainings }: ReportData): LastEvaluation | undefined {
  const event = run.events.findLast(({ event }) => event === "evaluate");
  const training: TrainingRecord | undefined = event?.event === "evaluate" ? trainings.get(event.training) : undefined;
  if (!event || !training?.evaluation || training.evaluation.confusion.length === 0) return undefined;
  const { labels, confusion } = training.evaluation;
  return { seed: run.seed, round: event.round, labels, confusion };
}

function armTables(group: ArmGroup, arm: Arm, last: readonly LastEvaluation[], id: string): Markup {
  const name = `${groupTitle(group)}, ${armName(arm, group)}`;
  const [first] = last as readonly [LastEvaluation];
  const summable = last.every(({ labels }) => labels.join("\n") === first.labels.join("\n"));
  const total = first.confusion.map((row, gold) =>
    row.map((_, predicted) => sum(last, (of) => of.confusion[gold]![predicted]!))
  );
  const rounds = [...new Set(last.map(({ round }) => round))].sort((a, b) => a - b);
  const what = `${seedList(last.map(({ seed }) => String(seed)))}; ${rounds.length > 1 ? "rounds" : "round"} ${
    rounds.join(", ")
  }`;
  const each = last.map((of) => confusionTable(of, `Seed ${of.seed}, round ${of.round}.`));
  return markup`<div class="table"><h3 id="${id}">${name}</h3>
${
    summable &&
    scrolling(id, confusionTable({ ...first, confusion: total }, last.length > 1 ? `Sum over ${what}.` : `Of ${what}.`))
  }
${
    (last.length > 1 || !summable) &&
    markup`<details><summary>Each seed</summary>${each.map((table) => scrolling(id, table))}</details>`
  }</div>
`;
}

function confusionTable({ labels, confusion }: Pick<LastEvaluation, "labels" | "confusion">, caption: string): Markup {
  return markup`<table class="confusion">
<caption><span>${caption}</span></caption>
<thead><tr><th scope="col" class="small">true ↓ as →</th>${
    labels.map((label) => markup`<th scope="col" class="number">${label}</th>`)
  }</tr></thead>
<tbody>${
    labels.map((label, gold) => {
      const row = confusion[gold] ?? [];
      const all = sum(row);
      return markup`<tr><th scope="row">${label}</th>${
        row.map((count) => markup`<td class="number ${heat(all === 0 ? 0 : count / all)}">${count}</td>`)
      }</tr>\n`;
    })
  }</tbody>
</table>`;
}
