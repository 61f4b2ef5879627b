import { mean } from "d3-array";
import type { RunJournal } from "./report_data.ts";

/**
 * How alike two arms pick: the Jaccard index |A ∩ B| / |A ∪ B| of what each had acquired by the end of every round, as a mean over
 * the seeds they share. The warm start is left out, for it is the same by design. Entry r is round r + 1.
 *
 * Models that acquire alike tend to reuse each other's picks.
 * @see Jelenić et al., On Dataset Transferability in Active Learning for Transformers, 2023
 */
export function overlapByRound(a: readonly RunJournal[], b: readonly RunJournal[]): number[] {
  const pairs = a.flatMap((one) => {
    const other = b.find(({ seed }) => seed === one.seed);
    return other ? [[acquiredByRound(one), acquiredByRound(other)] as const] : [];
  });
  if (pairs.length === 0) return [];
  const rounds = Math.min(...pairs.flatMap((pair) => pair.map((acquired) => acquired.length)));
  return Array.from(
    { length: rounds },
    (_, round) => mean(pairs, ([one, other]) => jaccard(one[round]!, other[round]!))!,
  );
}

/** Entry r: all ids acquired in rounds 1 to r + 1. */
export function acquiredByRound({ events }: RunJournal): ReadonlySet<string>[] {
  const byRound: ReadonlySet<string>[] = [];
  for (const event of events) {
    if (event.event === "acquire") byRound.push(new Set([...(byRound.at(-1) ?? []), ...event.ids]));
  }
  return byRound;
}

/** 1 for two empty sets. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const union = a.union(b).size;
  return union === 0 ? 1 : a.intersection(b).size / union;
}
