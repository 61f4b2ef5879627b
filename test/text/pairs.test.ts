import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { lengthsOfPair } from "../../src/text/truncation.ts";
import { mailTokenizer } from "./known_tokenizers.ts";
import { tinyTokenizer } from "./tiny_tokenizer.ts";

describe("two texts that are too long", () => {
  it("lose from the longer one, token by token", () => {
    const length = fc.nat(40);
    fc.assert(fc.property(length, length, length, (first, second, most) => {
      let [a, b] = [first, second];
      // Of equals the first loses, but for the token that is over where both are cut to a half: the longer one keeps it.
      while (a + b > most) b > a ? b-- : a--;
      const half = Math.floor(most / 2);
      if (Math.min(first, second) > half && first > second) [a, b] = [Math.max(a, b), Math.min(a, b)];
      expect(lengthsOfPair(first, second, most)).toEqual([a, b]);
    }));
  });
});

describe("a pair", () => {
  const tokenizer = mailTokenizer();

  it("is [CLS] first [SEP] second [SEP], with types and places of both", () => {
    const { ids, types, texts, starts, ends } = tokenizer.encodePair("free", "the mail", 16);
    const [free] = tokenizer.encode("free", 8).slice(1, -1);
    expect(ids[0]).toBe(2);
    expect(ids[1]).toBe(free);
    expect(ids.filter((id) => id === 3)).toHaveLength(2);
    const border = ids.indexOf(3);
    expect(types).toEqual(ids.map((_, index) => index > border ? 1 : 0));
    expect(texts).toEqual(ids.map((id, index) => id === 2 || id === 3 ? -1 : index > border ? 1 : 0));
    expect([starts.at(-2), ends.at(-2)]).toEqual([4, 8]);
  });

  it("fits into any length that has place for a token of each", () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.integer({ min: 5, max: 30 }), (first, second, most) => {
      expect(tokenizer.encodePair(first, second, most).ids.length).toBeLessThanOrEqual(most);
    }));
    expect(() => tokenizer.encodePair("a", "b", 4)).toThrow(RangeError);
  });

  it("is refused where the file does not say how it is put together", () => {
    const tiny = tokenizerFrom(tinyTokenizer(), "t.json");
    expect(() => tiny.encodePair("good", "bad", 16)).toThrow(InputError);
    expect(() => tiny.encodePair("good", "bad", 16)).toThrow(/^t\.json: post_processor\.pair does not say/);
  });

  it("has types without any special token, too", () => {
    const bare = tokenizerFrom({ ...tinyTokenizer(), post_processor: null }, "t.json");
    expect(bare.encodePair("good bad", "mail", 8)).toMatchObject({
      ids: [4, 5, 7],
      types: [0, 0, 1],
      texts: [0, 0, 1],
    });
    expect(bare.encodePair("", "", 8)).toMatchObject({ ids: [0], types: [0], texts: [-1] });
  });
});

describe("words", () => {
  it("have the tokens of the text that they make, each with its word", () => {
    const tokenizer = tokenizerFrom(tinyTokenizer(), "t.json");
    expect(tokenizer.encodeWords(["goodly", "\u200B", "bad!", ""], 16)).toEqual({
      ids: [2, 4, 6, 5, 8, 3],
      words: [-1, 0, 0, 2, 2, -1],
    });
    expect(tokenizer.encodeWords([], 16)).toEqual({ ids: [2, 3], words: [-1, -1] });
  });

  it("are cut to fit, also within a word", () => {
    const tokenizer = tokenizerFrom(tinyTokenizer(), "t.json");
    expect(tokenizer.encodeWords(["bad", "goodly", "mail"], 4)).toEqual({ ids: [2, 5, 4, 3], words: [-1, 0, 1, -1] });
    expect(() => tokenizer.encodeWords(["bad"], 2)).toThrow(RangeError);
  });

  it("give the ids of their text where blanks part words", () => {
    const tokenizer = mailTokenizer();
    const word = fc.string({ minLength: 1 }).filter((text) => !/\s/.test(text));
    fc.assert(fc.property(fc.array(word, { maxLength: 8 }), (given) => {
      const { ids, words } = tokenizer.encodeWords(given, 1000);
      expect(ids).toEqual(tokenizer.encode(given.join(" "), 1000));
      expect(words.length).toBe(ids.length);
    }));
  });

  it("have the blank before them where bytes spell it", () => {
    const vocab = { a: 0, "Ġ": 1, "Ġa": 2, "<pad>": 3 };
    const tokenizer = tokenizerFrom({
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: false },
      model: { type: "BPE", vocab, merges: ["Ġ a"] },
    }, "t.json");
    expect(tokenizer.encode("a a", 8)).toEqual([0, 2]);
    expect(tokenizer.encodeWords(["a", "a"], 8)).toEqual({ ids: [2, 2], words: [0, 1] });
    expect(tokenizer.encodeWords([], 8)).toEqual({ ids: [3], words: [-1] });
  });
});
