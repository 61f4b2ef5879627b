import type { Example } from "../../src/data/example.ts";

export interface ClassCount {
  readonly name: string;
  readonly count: number;
}

/** How many examples have each label, the most frequent first, then by name. `also` are classes that no example may have yet. */
export function countClasses(examples: readonly Pick<Example, "label">[], also: readonly string[] = []): ClassCount[] {
  const counts = new Map(also.map((name) => [name, 0]));
  for (const { label } of examples) if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
