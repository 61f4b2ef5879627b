import { listed, percent } from "./number_text.ts";
import type { ReuGroup, ReuRow } from "./reu_row.ts";
import { foundBy, isUncertain } from "./verdict.ts";

/** What a REU table found, for a reader who has never seen one: a sentence or two, no symbols. */
export function plainWords(group: ReuGroup): string {
  const { successor, selfSelection, rows } = group;
  const data = group.dataset ? ` on ${group.dataset}` : "";
  if (!selfSelection) {
    return `There is nothing to compare yet for ${successor}${data}: ${group.notices[0] ?? "no curves"}.`;
  }
  const gain = selfSelection.self_minus_random;
  if (gain <= 0) {
    return `${successor}'s own picks served it no better than random ones${data}, so there is no gain that ` +
      `${
        rows.length > 0 ? listed(rows.map((row) => row.acquisition)) : "another model"
      } could keep: REU says nothing here.`;
  }
  const interval = selfSelection.self_minus_random_interval;
  if (interval && interval[0] <= 0) {
    return `${successor}'s own picks served it better than random ones${data}, but not by more than chance can do, so it ` +
      `cannot be said how much of that gain another model's picks keep. More seeds, or more queries, would tell.`;
  }
  if (rows.length === 0) {
    return `With as many labels, ${successor} learned more from its own picks than from random ones${data}. ` +
      `No other model has picked for it yet.`;
  }
  return `With as many labels, ${successor} learned more from its own picks than from random ones${data}. ` +
    `${rows.map(sentence).join(". ")}.${doubts(rows)}`;
}

function sentence(row: ReuRow): string {
  const who = `${row.acquisition}${description(row)}`;
  const kept = row.reu === null ? "" : share(row.reu);
  switch (foundBy(row.verdict)) {
    case "better than self":
      return `Examples picked by ${who} served it at least as well as its own, with ${kept} of that gain`;
    case "reusable":
      return `Examples picked by ${who} kept ${kept} of that gain`;
    case "worse than random":
      return `Examples picked by ${who} served it no better than random ones`;
    default:
      return `Of ${who} nothing can be said from the seeds it shares with the others`;
  }
}

function description({ relation, successor }: ReuRow): string {
  if (relation === "distilled") return `, a model distilled from ${successor},`;
  return relation === "mismatched" ? `, a model not distilled from ${successor},` : "";
}

function doubts(rows: readonly ReuRow[]): string {
  const uncertain = rows.flatMap(({ acquisition, reu_interval, verdict }) =>
    reu_interval && isUncertain(verdict)
      ? [`${acquisition}'s share could be anything from ${share(reu_interval[0])} to ${share(reu_interval[1])}`]
      : []
  );
  if (uncertain.length > 0) return ` Over other seeds ${listed(uncertain)}.`;
  return rows.every((row) => row.reu_interval === null) ? " Without several seeds this may be chance." : "";
}

function share(reu: number): string {
  return reu <= -1 ? "nothing" : percent(1 + reu);
}
