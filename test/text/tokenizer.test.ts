import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { sharedFile } from "../shared.ts";
import { tinyTokenizer } from "./tiny_tokenizer.ts";

describe("a tokenizer", () => {
  const tokenizer = tokenizerFrom(tinyTokenizer(), "tokenizer.json");

  it("gives ids between its special tokens", () => {
    expect(tokenizer.encode("Goodly mail, BAD!", 16)).toEqual([2, 4, 6, 7, 1, 5, 8, 3]);
    expect(tokenizer.encode("", 16)).toEqual([2, 3]);
  });

  it("cuts the end of a long text and keeps the special tokens", () => {
    const text = "good bad mail good bad mail";
    expect(tokenizer.encode(text, 8)).toEqual([2, 4, 5, 7, 4, 5, 7, 3]);
    expect(tokenizer.encode(text, 7)).toEqual([2, 4, 5, 7, 4, 5, 3]);
    expect(tokenizer.encode(text, 3)).toEqual([2, 4, 3]);
    expect(() => tokenizer.encode(text, 2)).toThrow(RangeError);
  });

  it("knows its padding, the size of its vocabulary, and what it was made from", () => {
    expect(tokenizer.padId).toBe(0);
    expect(tokenizer.vocabularySize).toBe(9);
    expect(tokenizerFrom(JSON.parse(JSON.stringify(tokenizer.json)), "x").encode("good", 8)).toEqual([2, 4, 3]);
  });

  it("without special tokens cuts the end alone", () => {
    const bare = tokenizerFrom({ ...tinyTokenizer(), post_processor: null }, "tokenizer.json");
    expect(bare.encode("good bad mail", 2)).toEqual([4, 5]);
    expect(bare.encode("good", 1)).toEqual([4]);
  });

  it("is refused where it is none, with its file's name", () => {
    const noPad = tinyTokenizer();
    const { "[PAD]": _pad, ...vocab } = noPad.model.vocab;
    const wrong: [unknown, RegExp][] = [
      [null, /^t\.json: not a tokenizer\.json: it has no "model"/],
      [{ vocab: {} }, /^t\.json: not a tokenizer\.json: it has no "model"/],
      [{ model: { type: "Mystery", vocab: {} } }, /^t\.json: model: unknown model of pieces 'Mystery'/],
      [
        { ...noPad, added_tokens: noPad.added_tokens.slice(1), model: { ...noPad.model, vocab } },
        /^t\.json: no token to pad with/,
      ],
    ];
    for (const [json, message] of wrong) {
      expect(() => tokenizerFrom(json, "t.json")).toThrow(InputError);
      expect(() => tokenizerFrom(json, "t.json")).toThrow(message);
    }
  });
});

describe("the vocabulary of BERT", () => {
  it("gives the ids of the reference implementation", (context) => {
    const file = sharedFile(context, "tokenizers/bert-base-uncased/tokenizer.json");
    const tokenizer = tokenizerFrom(JSON.parse(readFileSync(file, "utf8")), file);
    expect(tokenizer.encode("Hello world, unaffable!", 64)).toEqual([
      101,
      7592,
      2088,
      1010,
      14477,
      20961,
      3468,
      999,
      102,
    ]);
    expect([tokenizer.vocabularySize, tokenizer.padId]).toEqual([30522, 0]);
  });
});
