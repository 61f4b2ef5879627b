import type { ColumnNames } from "../columns.ts";
import type { PublishedSet } from "../published_set.ts";
import { publishedSet } from "../published_source.ts";
import type { Row } from "../table.ts";

const EMOTIONS = ["joy", "sadness", "surprise", "fear", "anger"];

/**
 * Posts with the emotions that they show, of which there may be none or several. A classifier learns from those with exactly one, as in the
 * thesis.
 */
const set: Omit<PublishedSet, "name" | "summary"> = {
  kind: "classification",
  subset: "main",
  columns: { text: ["text"], label: ["label", "labels", "emotion", "emotions"] },
  classes: { labels: EMOTIONS },
  examples: { take: withOneEmotion, leftOut: "show no emotion, or several" },
  sizes: { train: 4378, test: [1128] },
};

export const cedr = publishedSet({
  ...set,
  name: "cedr",
  summary: "emotions in Russian posts (Sboev et al. 2021)",
  repository: "sagteam/cedr_v1",
});

export const cedrFull = publishedSet({
  ...set,
  name: "Rexhaif/cedr-full",
  summary: "emotions in Russian posts, under its name on the hub",
  repository: "Rexhaif/cedr-full",
});

function withOneEmotion(row: Row, { label }: ColumnNames): Row | undefined {
  const cell = row.cells.get(label);
  const found = Array.isArray(cell) ? cell : [cell];
  const [emotion] = found;
  if (found.length !== 1 || isNone(emotion)) return undefined;
  return { ...row, cells: new Map(row.cells).set(label, emotion) };
}

/** Some copies have a class for what shows none. */
function isNone(emotion: unknown): boolean {
  return emotion === null || emotion === undefined || /^(|no[-_ ]?emotion|none|neutral)$/i.test(String(emotion));
}
