import { publishedSet } from "../published_source.ts";

/** Questions by what they ask for, in six coarse classes. Copies differ in what they call the column, and in the order of its classes. */
export const trec = publishedSet({
  name: "trec",
  summary: "questions in six classes (Li and Roth 2002)",
  kind: "classification",
  repository: "CogComp/trec",
  columns: { text: ["text"], label: ["label", "coarse_label", "label-coarse"] },
  classes: {
    "coarse_label": ["ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM"],
    "label-coarse": ["DESC", "ENTY", "ABBR", "HUM", "NUM", "LOC"],
  },
  layouts: [
    { train: "train_5500.label", test: "TREC_10.label", format: "label" },
    { train: "TREC.train", test: "TREC.test", format: "label" },
  ],
  sizes: { train: 5452, test: [500] },
});
