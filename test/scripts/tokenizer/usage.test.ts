import { describe, expect, it } from "vitest";
import { mostUsed } from "../../../scripts/tokenizer/usage.ts";
import { countWords } from "../../../scripts/tokenizer/word_counts.ts";

describe("the most used pieces", () => {
  const pieces = ["##a", "##b", "##c", "a", "b", "c", "ab", "abc", "ca"];

  it("are those that the longest-first encoding takes, in their order", () => {
    const counts = new Map([["abc", 5], ["ca", 2], ["ab", 0]]);
    expect(mostUsed(pieces, counts, 8)).toEqual(["##a", "##b", "##c", "a", "b", "c", "abc", "ca"]);
    expect(mostUsed(pieces, counts, 7)).toEqual(["##a", "##b", "##c", "a", "b", "c", "abc"]);
  });

  it("keep every character, however rare", () => {
    expect(mostUsed(pieces, new Map([["abc", 5]]), 3)).toEqual(["##a", "##b", "##c", "a", "b", "c"]);
  });
});

describe("word counts", () => {
  it("see texts as the tokenizer does: lower case, no accents, punctuation apart, masks left out", () => {
    const counts = countWords(["Café, <url> café!", "the URL"], ["<url>"]);
    expect(Object.fromEntries(counts)).toEqual({ cafe: 2, ",": 1, "!": 1, the: 1, url: 1 });
  });
});
