import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { sharedNames, sharedTokenizer, unigramJson } from "./known_tokenizers.ts";

/** What Hugging Face's tokenizers 0.23.2 (in Rust) give. Offsets are in UTF-16 units. */
interface Reference {
  readonly texts: readonly { text: string; ids: number[]; starts: number[]; ends: number[] }[];
  readonly words: readonly { words: string[]; ids: number[]; of: number[] }[];
  readonly pairs: readonly {
    first: string;
    second: string;
    most: number | null;
    ids: number[];
    types: number[];
    texts: number[];
  }[];
}

const references: Readonly<Record<string, Reference>> = JSON.parse(
  readFileSync(join(import.meta.dirname!, "../fixtures/tokenizers/reference.json"), "utf8"),
);

const ENDLESS = Number.MAX_SAFE_INTEGER;

const unigram = tokenizerFrom(unigramJson(), "unigram");

describe.each(["unigram", ...sharedNames])("the reference implementation and ours agree with %s on", (name) => {
  const { texts, words, pairs } = references[name]!;
  // A text without any token is one token of padding, of ours alone.
  const filled = texts.filter(({ ids }) => ids.length > 0);

  it("ids and places", (context) => {
    const tokenizer = name === "unigram" ? unigram : sharedTokenizer(context, name);
    for (const { text, ids, starts, ends } of filled) {
      expect(tokenizer.encode(text, ENDLESS), text).toEqual(ids);
      const ours = tokenizer.encodePlaces(text, ENDLESS);
      expect(ours.ids, text).toEqual(ids);
      const theirEnds = ends.map((end, index) => {
        const ourEnd = ours.ends[index]!;
        // Theirs gives a sign that was put before a word the word's first letter, ours nothing; ours gives a letter that was composed its marks.
        return ours.starts[index] === ourEnd || /^\p{M}+$/u.test(text.slice(end, ourEnd)) ? ourEnd : end;
      });
      expect([ours.starts, ours.ends], text).toEqual([starts, theirEnds]);
    }
  });

  it("words", (context) => {
    const tokenizer = name === "unigram" ? unigram : sharedTokenizer(context, name);
    for (const { words: given, ids, of } of words.filter(({ ids }) => ids.length > 0)) {
      expect(tokenizer.encodeWords(given, ENDLESS), String(given)).toEqual({ ids, words: of });
    }
  });

  it("pairs, and how they are cut", (context) => {
    const tokenizer = name === "unigram" ? unigram : sharedTokenizer(context, name);
    for (const { first, second, most, ids, types, texts: of } of pairs) {
      const ours = tokenizer.encodePair(first, second, most ?? ENDLESS);
      expect([ours.ids, ours.types, ours.texts], `${first} | ${second}`).toEqual([ids, types, of]);
    }
  });
});
