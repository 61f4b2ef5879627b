import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aligned, normalized } from "../../src/text/aligned_text.ts";
import { JsonPart } from "../../src/text/json_part.ts";
import { readNormalizers } from "../../src/text/normalizers/read_normalizers.ts";
import type { Encoding } from "../../src/text/encoding.ts";
import { type Tokenizer, tokenizerFrom } from "../../src/text/tokenizer.ts";
import { byteLetters } from "../../src/text/words/byte_level.ts";
import { mailTokenizer, piecesOf, sharedNames, sharedTokenizer, unigramJson } from "./known_tokenizers.ts";
import { sharedTexts } from "./shared_texts.ts";
import { tinyTokenizer } from "./tiny_tokenizer.ts";

const ENDLESS = Number.MAX_SAFE_INTEGER;

/** Letters of every kind that is handled for itself, among any others. */
const letters = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(..."abXYеЁйЩéÅßİΣ中字😀👩🇷ﬁ½ｶ'.,-▁ ") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "\u0301",
      "\u0308",
      "\u200D",
      "\u00AD",
      "\uFEFF",
      "\0",
      "\t",
      "\r\n",
      "\u1100",
      "\u1161",
      "𠀀",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(" <mask> ", "[SEP]", "</s>", "\uD83D", "\uDE00") },
);
const texts = fc.array(letters, { maxLength: 24 }).map((parts) => parts.join(""));

const byteLevel = (trims: boolean) =>
  tokenizerFrom({
    added_tokens: [{ id: 256, content: "<pad>", special: true }, {
      id: 257,
      content: "<mask>",
      special: true,
      lstrip: true,
    }],
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    post_processor: { type: "ByteLevel", trim_offsets: trims },
    model: { type: "BPE", merges: [], vocab: Object.fromEntries(byteLetters.map((letter, byte) => [letter, byte])) },
  }, "bytes");

/** What must hold of any encoding of a text. */
function check(text: string, { ids, texts: of, starts, ends }: Encoding, idsAlone: readonly number[]): void {
  expect(ids).toEqual(idsAlone);
  let before = 0;
  for (const [index, source] of of.entries()) {
    const [start, end] = [starts[index]!, ends[index]!];
    if (source === -1) {
      expect([start, end]).toEqual([0, 0]);
      continue;
    }
    expect(start).toBeGreaterThanOrEqual(before);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(text.length);
    for (const place of [start, end]) {
      const isWithin = /[\uD800-\uDBFF]/.test(text[place - 1] ?? "") && /[\uDC00-\uDFFF]/.test(text[place] ?? "");
      expect(isWithin, `${place} of ${JSON.stringify(text)}`).toBe(false);
    }
    before = start;
  }
}

describe("places of tokens", () => {
  const tokenizers: [string, Tokenizer][] = [
    ["word pieces", mailTokenizer()],
    ["the unigram model", tokenizerFrom(unigramJson(), "unigram")],
    ["bytes", byteLevel(false)],
    ["bytes, trimmed", byteLevel(true)],
  ];
  it.each(tokenizers)("of %s are in order, within the text and never within a letter", (_, tokenizer) => {
    fc.assert(
      fc.property(texts, (text) => {
        check(text, tokenizer.encodePlaces(text, ENDLESS), tokenizer.encode(text, ENDLESS));
      }),
      { numRuns: 300 },
    );
  });

  it("of bytes are those of the letters that they belong to, and all of them make the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      const { ids, starts, ends } = byteLevel(false).encodePlaces(text, ENDLESS);
      const made = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(ids));
      expect(made).toBe(text);
      const covered = [...new Set(starts)].map((start) => text.slice(start, ends[starts.indexOf(start)])).join("");
      expect(covered).toBe(text);
    }));
  });

  it("give words back through capitals, accents, control characters and Chinese", () => {
    const tokenizer = tokenizerFrom(tinyTokenizer(["good", "bad", "##ly", "cafe", "中", "文", "!"]), "tiny");
    const text = "  GO\u00ADOD\u0000LY caf\u0065\u0301 BA\u0301D\u200B中文!";
    const { ids, starts, ends } = tokenizer.encodePlaces(text, 16);
    expect(ids).toEqual([2, 4, 6, 7, 5, 8, 9, 10, 3]);
    expect(starts.map((start, index) => text.slice(start, ends[index]))).toEqual(
      ["", "GO\u00ADOD", "LY", "cafe", "BA\u0301D", "中", "文", "!", ""],
    );
  });

  it("of blanks: GPT-2 has them in its tokens, RoBERTa leaves them out", () => {
    const spans = (trims: boolean) => {
      const { starts, ends } = byteLevel(trims).encodePlaces("a <mask> b", 16);
      return starts.map((start, index) => [start, ends[index]]);
    };
    expect(spans(false)).toEqual([[0, 1], [1, 8], [8, 9], [9, 10]]);
    expect(spans(true)).toEqual([[0, 1], [2, 8], [9, 9], [9, 10]]);
  });

  it("end where the row ends", () => {
    const tokenizer = tokenizerFrom(tinyTokenizer(), "tiny");
    const { ids, starts, ends } = tokenizer.encodePlaces("good bad mail", 4);
    expect([ids, starts, ends]).toEqual([[2, 4, 5, 3], [0, 0, 5, 0], [0, 4, 8, 0]]);
    expect(() => tokenizer.encodePlaces("good", 2)).toThrow(RangeError);
  });
});

describe("normalisers", () => {
  const kinds: object[] = [
    ...["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"].map((type) => ({ type })),
    { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    { type: "BertNormalizer", clean_text: false, handle_chinese_chars: true, strip_accents: false, lowercase: true },
    { type: "Replace", pattern: { Regex: " {2,}" }, content: "_" },
    { type: "Strip", strip_left: true, strip_right: true },
    { type: "Prepend", prepend: "▁" },
    (unigramJson() as unknown as { normalizer: object }).normalizer,
  ];
  it.each(kinds)("make the same text with places and without: $type", (json) => {
    const normalizers = readNormalizers(new JsonPart(json, "x"));
    fc.assert(
      fc.property(texts, (text) => {
        const { text: made, places } = aligned(text, normalizers);
        expect(made).toBe(normalized(text, normalizers));
        expect([places!.starts.length, places!.ends.length]).toEqual([made.length, made.length]);
      }),
      { numRuns: 200 },
    );
  });

  it("know the letters that join each other: normal forms have places as fine as letters", () => {
    const all = Array.from({ length: 0x1300 }, (_, point) => point).concat(0x16d67, 0xff9e, 0xffc2);
    for (const type of ["NFC", "NFKC", "NFD", "NFKD"] as const) {
      const normalizers = readNormalizers(new JsonPart({ type }, "x"));
      // Were the pattern of joining letters incomplete, the whole would be one place.
      const text = "é́|" +
        all.map((point) => `a${String.fromCodePoint(point)}가${String.fromCodePoint(point)}`).join("|");
      const { places } = aligned(text, normalizers);
      expect(places!.ends[0]).toBeLessThan(text.length);
    }
  });
});

describe.each(sharedNames)("on the shared texts, the places of %s", (name) => {
  it("are those of what each token says", (context) => {
    const tokenizer = sharedTokenizer(context, name);
    const pieces = piecesOf(tokenizer);
    const isLower = name.includes("uncased");
    const meant = (part: string) => {
      // Letter by letter, as the reference does it: of a word as a whole, a capital sigma at the end would become another one.
      const plain = isLower
        ? Array.from(part.normalize("NFD").replace(/\p{Mn}/gu, ""), (letter) => letter.toLowerCase()).join("")
        : part;
      return plain.replace(/[\p{Cc}\p{Cf}\p{Co}\uFFFD]/gu, "");
    };
    const wrong: string[] = [];
    // Of the others, all texts are made again from their pieces elsewhere.
    const texts = sharedTexts(context).filter((_, index) => isLower || index % 40 === 0);
    for (const text of texts) {
      const { ids, texts: of, starts, ends } = tokenizer.encodePlaces(text, ENDLESS);
      for (const [index, id] of ids.entries()) {
        const piece = pieces[id]!;
        if (of[index] === -1 || piece === "[UNK]") continue;
        const part = text.slice(starts[index], ends[index]);
        const isRight = name === "gpt2" || name === "roberta"
          ? bytesWithin(piece, part)
          : meant(part) === piece.replace(/^##(?=.)/, "");
        if (!isRight) wrong.push(`${piece}: ${JSON.stringify(part)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** Whether the bytes of a piece are in those of a text, blanks around it aside. */
function bytesWithin(piece: string, text: string): boolean {
  const spelt = Array.from(new TextEncoder().encode(text), (byte) => byteLetters[byte]!).join("");
  return spelt.includes(piece.replace(/^Ġ+|Ġ+$/g, ""));
}
