import { publishedSet } from "../published_source.ts";

/** Chats with a summary each. One of the chats is empty, and copies of the set differ in whether they have it. */
export const samsum = publishedSet({
  name: "samsum",
  summary: "summaries of chats (Gliwa et al. 2019)",
  kind: "summarisation",
  repository: "knkarthick/samsum",
  columns: { text: ["dialogue", "text"], label: ["summary", "label"] },
  examples: {
    take: (row, columns) =>
      [columns.text, columns.label].some((column) => isBlank(row.cells.get(column))) ? undefined : row,
    leftOut: "have no dialogue or no summary",
  },
  sizes: { train: 14732, test: [818, 819] },
});

function isBlank(cell: unknown): boolean {
  return cell === undefined || cell === null || cell === "";
}
