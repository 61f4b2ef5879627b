import type { JournalEvent } from "../experiment/journal_events.ts";
import { isCurveOf } from "./arm.ts";
import type { LabelledCounts } from "./curve_charts.ts";
import type { ReportData } from "./report_data.ts";

/** How many examples were labelled at each point of a curve, from its run's journal. */
export function labelledCounts({ plan, runs }: ReportData): LabelledCounts {
  return (curve) => {
    const experiments = plan.experiments.filter((experiment) => isCurveOf(experiment, curve));
    // Where two experiments could have drawn this curve, neither is taken for its own.
    if (experiments.length !== 1) return undefined;
    const run = runs.find(({ experiment, seed }) => experiment === experiments[0]!.name && String(seed) === curve.seed);
    return run && countsAtEvaluations(run.events);
  };
}

function countsAtEvaluations(events: readonly JournalEvent[]): number[] {
  const counts: number[] = [];
  const labels = new Map<string, string | null>();
  for (const event of events) {
    if (event.event === "label") labels.set(event.id, event.label);
    if (event.event === "evaluate") counts[event.round] = [...labels.values()].filter((label) => label !== null).length;
  }
  return counts;
}
