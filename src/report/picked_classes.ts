import type { RunJournal } from "./report_data.ts";

/** How many examples of each class a run acquired, by its label; the warm start and declined examples are left out. */
export function pickedClasses({ events }: RunJournal): Map<string, number> {
  const acquired = new Set<string>();
  const labels = new Map<string, string | null>();
  for (const event of events) {
    if (event.event === "acquire") event.ids.forEach((id) => acquired.add(id));
    if (event.event === "label") labels.set(event.id, event.label);
  }
  const counts = new Map<string, number>();
  for (const id of acquired) {
    const label = labels.get(id);
    if (typeof label === "string") counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}
