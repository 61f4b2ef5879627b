import { describe, expect, it } from "vitest";
import { conll } from "../../../src/data/readers/conll.ts";

const read = (text: string) => {
  const { columns, rows } = conll.read(text, "eng.train");
  expect(columns).toEqual(["tokens", "tags"]);
  return rows.map(({ line, cells }) => [line, cells.get("tokens"), cells.get("tags")]);
};

describe("CoNLL columns", () => {
  it("give sentences with the line on which each starts, tokens from the first column and tags from the last", () => {
    const text = "-DOCSTART- -X- O O\n\nEU NNP I-NP B-ORG\nrejects VBZ I-VP O\n\n\nLondon NNP I-NP B-LOC\r\n";
    expect(read(text)).toEqual([[3, ["EU", "rejects"], ["B-ORG", "O"]], [7, ["London"], ["B-LOC"]]]);
  });

  it("become IOB2 where they are IOB1, and stay it", () => {
    const sentence = (tags: string[]) => tags.map((tag, index) => `w${index}\t${tag}\n`).join("");
    const iob2 = ["B-ORG", "I-ORG", "B-ORG", "O", "B-LOC", "B-PER", "I-PER"];
    expect(read(sentence(["I-ORG", "I-ORG", "B-ORG", "O", "I-LOC", "I-PER", "I-PER"]))[0]![2]).toEqual(iob2);
    expect(read(sentence(iob2))[0]![2]).toEqual(iob2);
    // What was the end of a sentence is no beginning of the next.
    expect(read("a I-X\n\nb I-X\n").map(([, , tags]) => tags)).toEqual([["B-X"], ["B-X"]]);
  });

  it("keep a blank within a token between tabs, and a token that looks like a comment", () => {
    expect(read("# a comment\nNew York\tB-LOC\n# O\n")).toEqual([[2, ["New York", "#"], ["B-LOC", "O"]]]);
  });

  it.each([
    ["EU B-ORG\nrejects\n", "eng.train:2: one column. Expected a token and, in the last column, its tag"],
    ["EU NNP\n", "eng.train:1: 'NNP' is no tag. Expected O, B-TYPE or I-TYPE"],
    ["EU S-ORG\n", "eng.train:1: 'S-ORG' is no tag. Expected O, B-TYPE or I-TYPE"],
  ])("are refused with their line: %j", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
