import { usualOf } from "../find_columns.ts";
import { publishedSet } from "../published_source.ts";

const TAGS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"];

/** News with the persons, organisations, locations and other names in it. As it was published it is in IOB1. */
export const conll2003 = publishedSet({
  name: "conll2003",
  summary: "named entities in English news (Tjong Kim Sang and De Meulder 2003)",
  kind: "tagging",
  repository: "eriktks/conll2003",
  columns: usualOf.tagging,
  classes: { ner_tags: TAGS },
  layouts: [
    { train: "eng.train", test: "eng.testb", format: "conll" },
    { train: "train.txt", test: "test.txt", format: "conll" },
  ],
  sizes: { train: 14041, test: [3453] },
});
