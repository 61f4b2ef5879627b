import { publishedSet } from "../published_source.ts";

/** Reviews of medicines with what they name: drugs, their forms and classes, illnesses, effects. Its files are on GitHub (RuMedBench). */
export const rumedner = publishedSet({
  name: "rumedner",
  summary: "named entities in Russian drug reviews (RuMedBench)",
  kind: "tagging",
  columns: { text: ["tokens", "text"], label: ["tags", "ner_tags", "label"] },
  layouts: [{ train: "train_v1.jsonl", test: "test_v1.jsonl", format: "jsonl" }],
  sizes: { train: 3440, test: [693] },
});
