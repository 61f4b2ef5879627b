import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { type TokenizerJson, unigramJson } from "./known_tokenizers.ts";
import { sharedTexts } from "./shared_texts.ts";

type Scored = readonly (readonly [string, number])[];

const ENDLESS = Number.MAX_SAFE_INTEGER;
const [BOS, EOS, UNKNOWN] = [0, 2, 3];
const json = unigramJson();
const vocab = json.model.vocab as Scored;

/** Viterbi's algorithm at its plainest, letter by letter: -1 for what is unknown. Of equals, the longest last piece. */
function best(word: string, pieces: Scored, unknown: number): number[] {
  const letters = Array.from(word);
  const ids = new Map(pieces.map(([piece], id) => [piece, id]));
  const least = Math.min(...pieces.map(([, score]) => score)) - 10;
  const ways: { score: number; ids: number[] }[] = [{ score: 0, ids: [] }];
  for (let end = 1; end <= letters.length; end++) {
    for (let start = 0; start < end; start++) {
      const id = ids.get(letters.slice(start, end).join(""));
      if (id === undefined && (start < end - 1 || ids.has(letters[start]!))) continue;
      const score = ways[start]!.score + (id === undefined ? least : pieces[id]![1]);
      if (ways[end] === undefined || score > ways[end]!.score) {
        ways[end] = { score, ids: [...ways[start]!.ids, id ?? unknown] };
      }
    }
  }
  return ways[letters.length]!.ids;
}

/** The whole model for texts without added tokens and without anything that the table replaces. */
function oracle(text: string, known: Map<string, number[]>): number[] {
  const ids = text.split(/\p{White_Space}+/u).filter((word) => word !== "").flatMap((word) => {
    const spelt = word.startsWith("▁") ? word : `▁${word}`;
    return spelt.split(/(?=▁)/).flatMap((part) => {
      const found = known.get(part) ??
        best(part, vocab, UNKNOWN).filter((id, index, all) => id !== UNKNOWN || all[index - 1] !== UNKNOWN);
      known.set(part, found);
      return found;
    });
  });
  return [BOS, ...ids, EOS];
}

describe("the unigram model", () => {
  const tokenizer = tokenizerFrom(json, "unigram.json");

  it("takes the texts of the shared data into the most probable pieces", (context) => {
    const replaced = /[\u200B\uFEFF\uFB01\u00BD\u2122\u2026\uFF01-\uFF5E\u0301\u0306\u0308]|<(s|\/s|pad|unk|mask)>/u;
    const texts = sharedTexts(context).filter((text, index) => index % 50 === 0 && !replaced.test(text));
    expect(texts.length).toBeGreaterThan(400);
    const known = new Map<string, number[]>();
    expect(texts.filter((text) => String(tokenizer.encode(text, ENDLESS)) !== String(oracle(text, known)))).toEqual([]);
  });

  it("does so for any text, and any vocabulary, with equals decided alike", () => {
    const letters = fc.constantFrom("a", "b", "c", "ж", "☃", "😀", "▁");
    const word = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
    // Few different scores, in halves: many ways are equal.
    const scored = fc.uniqueArray(fc.tuple(word, fc.integer({ min: -6, max: -1 }).map((score) => score / 2)), {
      selector: ([piece]) => piece,
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(fc.property(scored, fc.array(word, { maxLength: 8 }), (pieces, parts) => {
      const text = parts.join("");
      const all: Scored = [["<pad>", 0], ["<unk>", 0], ...pieces];
      const given = { model: { type: "Unigram", unk_id: 1, vocab: all }, added_tokens: [] };
      const ids = best(text, all, 1).filter((id, index, before) => id !== 1 || before[index - 1] !== 1);
      expect(tokenizerFrom(given, "x").encode(text, ENDLESS)).toEqual(text === "" ? [0] : ids);
    }));
  });

  it("puts special tokens where XLM-R has them, and finds those in the text", () => {
    const mask = vocab.length - 1;
    const frame = (...ids: number[]) => [BOS, ...ids, EOS];
    expect(tokenizer.encode("", 8)).toEqual(frame());
    expect(tokenizer.encode("<s><pad></s><mask>", 8)).toEqual(frame(0, 1, 2, mask));
    expect(tokenizer.padId).toBe(1);
    expect(tokenizer.vocabularySize).toBe(vocab.length);
    const { ids, types, texts } = tokenizer.encodePair("a", "b", 16);
    const [a, b] = ["a", "b"].map((text) => tokenizer.encode(text, 8).slice(1, -1)) as [number[], number[]];
    expect(ids).toEqual([BOS, ...a, EOS, EOS, ...b, EOS]);
    expect(types).toEqual(ids.map(() => 0));
    expect(texts).toEqual([-1, ...a.map(() => 0), -1, -1, ...b.map(() => 1), -1]);
  });

  it("replaces what its table says, of letters and of whole graphemes", () => {
    const same: [string, string][] = [["ﬁne", "fine"], ["Ｍａｉｌ", "Mail"], ["е\u0308ж", "ёж"], ["a\u200Bb", "ab"], [
      "a\r\nb",
      "a b",
    ]];
    for (const [text, meant] of same) expect(tokenizer.encode(text, 64), text).toEqual(tokenizer.encode(meant, 64));
  });

  it("spells unknown letters by their bytes where it has pieces for these", () => {
    const bytes = Array.from(
      { length: 256 },
      (_, byte) => [`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`, 0],
    );
    const given: TokenizerJson = {
      ...json,
      model: { ...json.model, vocab: [...vocab, ...bytes] as Scored, byte_fallback: true } as TokenizerJson["model"],
    };
    const { ids, starts, ends } = tokenizerFrom(given, "x").encodePlaces("a☃😀", 64);
    const spelt = Array.from(new TextEncoder().encode("☃😀"), (byte) => vocab.length + byte);
    expect(ids.slice(-1 - spelt.length, -1)).toEqual(spelt);
    expect(starts.slice(-8, -1)).toEqual([1, 1, 1, 2, 2, 2, 2]);
    expect(ends.slice(-8, -1)).toEqual([2, 2, 2, 4, 4, 4, 4]);
  });
});
