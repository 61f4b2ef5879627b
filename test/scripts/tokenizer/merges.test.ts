import { describe, expect, it } from "vitest";
import { trainPieces } from "../../../scripts/tokenizer/merges.ts";

const counts = (words: Record<string, number>) => new Map(Object.entries(words));

describe("trained pieces", () => {
  it("begin with characters and go on with the most frequent pairs", () => {
    // Pairs: l-##o 7, ##o-##w 7, then lo-##w 7; ##w-##e 2, ##e-##r 2.
    expect(trainPieces(counts({ low: 5, lower: 2 }), 8, 2)).toEqual([
      "##e",
      "##o",
      "##r",
      "##w",
      "l",
      "##ow",
      "low",
      "##er",
    ]);
  });

  it("stop where no pair is frequent enough", () => {
    expect(trainPieces(counts({ ab: 3, cd: 1 }), 100, 2)).toEqual(["##b", "a", "ab"]);
  });

  it("leave out rare characters and the words that hold them", () => {
    const pieces = trainPieces(counts({ ab: 5, "a☃": 1 }), 100, 2);
    expect(pieces.join("")).not.toContain("☃");
    expect(pieces).toContain("ab");
  });

  it("merge a pair wherever it stands, without overlap", () => {
    // a ##a ##a ##a: the pair ##a-##a stands twice but overlaps itself, so it merges once.
    expect(trainPieces(counts({ aaaa: 4 }), 100, 1)).toEqual(["##a", "a", "##aa", "##aaa", "aaaa"]);
  });

  it("do not depend on the order of the words", () => {
    const words = { the: 9, then: 4, hen: 4, there: 3, here: 3 };
    const reversed = Object.fromEntries(Object.entries(words).toReversed());
    expect(trainPieces(counts(words), 16, 1)).toEqual(trainPieces(counts(reversed), 16, 1));
  });

  it("take characters beyond the basic plane as one", () => {
    expect(trainPieces(counts({ "a😀": 3 }), 100, 1)).toEqual(["##😀", "a", "a😀"]);
  });
});
