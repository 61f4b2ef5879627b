import { plainWords } from "../../evaluation/plain_words.ts";
import type { ReuGroup } from "../../evaluation/reu_row.ts";
import type { Arm, ArmGroup } from "../arm.ts";
import { type Markup, markup } from "../markup.ts";
import { typographic } from "../typographic.ts";
import { acquiredByRound } from "../overlap.ts";
import type { ReportData } from "../report_data.ts";

/** What was run and what came out, for a reader who sees this for the first time. */
export function summary(data: ReportData, arms: readonly ArmGroup[], groups: readonly ReuGroup[]): Markup {
  return markup`<section aria-labelledby="summary">
<h2 id="summary">What was run, and what came out</h2>
<p>Active learning asks which examples are worth a person's time to label. A model, the <b>acquisition model</b>, picks them; the
<b>successor</b> model learns from them. When a small model can pick for a large one, labelling becomes cheaper. This report shows
how well that went.</p>
${arms.map(groupSummary)}
${groups.map((group) => markup`<p class="finding">${typographic(plainWords(group))}</p>\n`)}
${
    data.notices.length > 0 && markup`<div class="notice"><p><b>This run is not complete, or not whole:</b></p>
<ul>${data.notices.map((notice) => markup`<li>${notice}</li>`)}</ul></div>`
  }
</section>
`;
}

function groupSummary({ dataset, successor, arms }: ArmGroup): Markup {
  const queries = [...new Set(arms.map(({ experiment }) => experiment.al.num_queries))];
  const seeds = new Set(arms.flatMap(({ experiment }) => experiment.seeds)).size;
  return markup`<p><b>${successor}</b> learned${
    dataset && markup` on <b>${dataset}</b>`
  } from a random first batch and then from
${queries.join(" or ")} further ${queries.join() === "1" ? "batch" : "batches"}${
    budget(arms)
  }, trained anew and tested after each,
${
    seeds === 1
      ? "with one seed"
      : `${seeds} times over with different seeds`
  }. The runs differ only in who picked the batches:</p>
<ul>${arms.map((arm) => markup`<li><b>${arm.relation ?? "relation not given"}</b>: ${role(arm)}.</li>\n`)}</ul>
`;
}

function role({ relation, acquisition, successor, strategy }: Arm): string {
  switch (relation) {
    case "random":
      return "nobody; they were drawn at random";
    case "self":
      return `${successor} picked for itself, by strategy ${strategy}`;
    case "distilled":
      return `${acquisition}, which was distilled from ${successor}, picked by strategy ${strategy}`;
    case "mismatched":
      return `${acquisition}, which was not distilled from ${successor}, picked by strategy ${strategy}`;
    default:
      return `${acquisition} picked by strategy ${strategy}; how it relates to ${successor} is not given`;
  }
}

/** How much was picked, where all arms that picked anything picked as much. */
function budget(arms: readonly Arm[]): string {
  const counts = new Set(arms.flatMap(({ runs }) => runs.map((run) => acquiredByRound(run).at(-1)?.size ?? 0)));
  return counts.size === 1 ? ` (${[...counts][0]} examples)` : "";
}
