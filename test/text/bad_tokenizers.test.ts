import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { readTokenizer } from "../../src/text/read_tokenizer.ts";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { unigramJson } from "./known_tokenizers.ts";
import { tinyTokenizer } from "./tiny_tokenizer.ts";

/** Whatever happens to a file, it is read and encodes texts, or is refused with its name. */
function readsOrRefuses(json: unknown): void {
  try {
    const tokenizer = tokenizerFrom(json, "t.json");
    for (const text of ["", "good mail", "Ёж é☃😀 <mask>"]) {
      tokenizer.encode(text, 64);
      tokenizer.encodePlaces(text, 64);
    }
    tokenizer.encodeWords(["good", "☃"], 64);
    tokenizer.encodePair("good", "☃", 64);
  } catch (thrown) {
    if (thrown instanceof RangeError && /leave no place/.test(thrown.message)) return;
    expect(thrown).toBeInstanceOf(InputError);
    expect((thrown as Error).message).toMatch(/^t\.json: /);
    expect((thrown as Error).message.split("\n").length).toBeLessThan(3);
  }
}

const unigram = unigramJson();
const small = {
  ...unigram,
  model: { ...unigram.model, vocab: (unigram.model.vocab as unknown[]).slice(0, 40) },
  added_tokens: unigram.added_tokens.slice(0, 4),
};
const bytes = {
  added_tokens: [{ id: 4, content: "<pad>", special: true }],
  normalizer: {
    type: "Sequence",
    normalizers: [{ type: "NFC" }, { type: "Replace", pattern: { Regex: "x+" }, content: "y" }],
  },
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [{ type: "Digits", individual_digits: true }, {
      type: "Split",
      pattern: { String: "-" },
      behavior: "Isolated",
      invert: false,
    }, { type: "ByteLevel", add_prefix_space: true }],
  },
  post_processor: { type: "RobertaProcessing", cls: ["<pad>", 4], sep: ["<pad>", 4], trim_offsets: true },
  model: { type: "BPE", vocab: { g: 0, o: 1, d: 2, go: 3 }, merges: ["g o"], unk_token: null },
};
const good: unknown[] = [tinyTokenizer(), small, bytes];

/** Every place in a document, by its keys. */
function placesIn(value: unknown): (string | number)[][] {
  if (value === null || typeof value !== "object") return [[]];
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [
    [],
    ...Array.from<string | number>(keys).flatMap((key) =>
      placesIn((value as Record<string | number, unknown>)[key]).map((rest) => [key, ...rest])
    ),
  ];
}

function replaced(value: unknown, [key, ...rest]: (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => index === key ? replaced(item, rest, by) : item);
  const object = value as Record<string, unknown>;
  return { ...object, [key]: replaced(object[key], rest, by) };
}

describe("a tokenizer.json that is damaged", () => {
  it("at any one place is read, or refused with its name", () => {
    const wrong = fc.constantFrom<unknown>(
      undefined,
      null,
      true,
      0,
      -1,
      1.5,
      2 ** 24,
      1e300,
      "",
      "Mystery",
      "☃",
      [],
      {},
      [[]],
      { type: "Sequence" },
      [null],
    );
    for (const json of good) {
      const place = fc.constantFrom(...placesIn(json));
      fc.assert(fc.property(place, wrong, (keys, by) => readsOrRefuses(replaced(json, keys, by))), { numRuns: 600 });
    }
  });

  it("beyond recognition is refused", () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => readsOrRefuses(json)));
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (model, added_tokens) => readsOrRefuses({ model, added_tokens })),
    );
  });

  it("cut off anywhere is refused as no JSON", async () => {
    const text = JSON.stringify(tinyTokenizer());
    await fc.assert(fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
      const files = MemoryFiles.of({ "tokenizer.json": text.slice(0, length) });
      await expect(readTokenizer(files, new Set(["tokenizer.json"]))).rejects.toThrow(
        /^memory:tokenizer\.json is not JSON$/,
      );
    }));
  });

  it("says what is wrong, and where", () => {
    const tiny = tinyTokenizer();
    const model = (change: object) => ({ ...tiny, model: { ...tiny.model, ...change } });
    const deep = (depth: number): object =>
      depth === 0 ? { type: "NFC" } : { type: "Sequence", normalizers: [deep(depth - 1)] };
    const wrong: [unknown, string | RegExp][] = [
      [model({ type: "WordPeice" }), "t.json: model: unknown model of pieces 'WordPeice'. Did you mean WordPiece?"],
      [model({ vocab: [] }), "t.json: model.vocab is a list; expected an object with the id of each piece"],
      [model({ vocab: {} }), "t.json: model.vocab is an object; expected at least one piece"],
      [model({ vocab: { a: 0, b: 0 } }), 't.json: model.vocab gives "a" and "b" one id, 0'],
      [
        model({ vocab: { a: 1e12 } }),
        "t.json: model.vocab.a is 1000000000000; expected a whole number from 0 to 16777215",
      ],
      [model({ vocab: { a: -1 } }), /^t\.json: model\.vocab\.a is -1; expected a whole number/],
      [model({ unk_token: "[NONE]" }), 't.json: model.unk_token is "[NONE]"; expected a piece of the vocabulary'],
      [
        { ...tiny, added_tokens: [{ id: 4, content: "new" }] },
        't.json: added_tokens[0] gives "new" the id 4 of "good"',
      ],
      [
        { ...tiny, added_tokens: [{ id: 9, content: "good" }] },
        't.json: added_tokens[0].id is 9; expected 4, the id of "good"',
      ],
      [{ ...tiny, normalizer: { type: "NFX" } }, /^t\.json: normalizer: unknown normalizer 'NFX'\. Did you mean NF/],
      [{ ...tiny, normalizer: deep(2000) }, /expected no more than 8 sequences in each other$/],
      [
        { ...tiny, pre_tokenizer: { type: "Split", pattern: { Regex: "(" }, behavior: "Removed" } },
        /^t\.json: pre_tokenizer\.pattern\.Regex is "\("; expected a regular/,
      ],
      [
        { ...tiny, post_processor: { type: "TemplateProcessing", single: [] } },
        "t.json: post_processor.single is a list; expected each of the texts A once",
      ],
      [
        { ...small, model: { ...small.model, unk_id: null } },
        "t.json: model.unk_id is null; expected the place of the unknown piece in vocab",
      ],
      [
        { ...small, model: { ...small.model, unk_id: 40 } },
        "t.json: model.unk_id is 40; expected a whole number from 0 to 39",
      ],
      [
        { ...small, normalizer: { type: "Precompiled", precompiled_charsmap: "%" } },
        /expected a table of SentencePiece, in base 64$/,
      ],
      [
        { ...bytes, model: { ...bytes.model, merges: ["g x"] } },
        't.json: model.merges[0] needs "x", which vocab has not',
      ],
      [
        { ...bytes, model: { ...bytes.model, merges: ["g"] } },
        't.json: model.merges[0] is "g"; expected two pieces to merge',
      ],
    ];
    for (const [json, message] of wrong) {
      expect(() => tokenizerFrom(json, "t.json")).toThrow(InputError);
      expect(() => tokenizerFrom(json, "t.json")).toThrow(message);
    }
  });

  it("may have ids that no piece has, and names that objects have by themselves", () => {
    const vocab = { "[PAD]": 0, "[UNK]": 7, constructor: 3, toString: 4 };
    const tokenizer = tokenizerFrom({
      model: { type: "WordPiece", vocab, unk_token: "[UNK]" },
      pre_tokenizer: { type: "Whitespace" },
    }, "t.json");
    expect(tokenizer.vocabularySize).toBe(8);
    expect(tokenizer.encode("constructor valueOf __proto__", 8)).toEqual([3, 7, 7]);
  });

  it("whose words are endless is not slow", () => {
    const merges = ["g o", "go go"];
    const pairs = tokenizerFrom({
      ...bytes,
      post_processor: null,
      model: { ...bytes.model, merges, vocab: { ...bytes.model.vocab, gogo: 5 } },
    }, "t.json");
    expect(pairs.encode("go".repeat(20_000), 1e6).filter((id) => id === 5)).toHaveLength(10_000);
    expect(tokenizerFrom(small, "t.json").encode("☃".repeat(40_000), 1e6).length).toBeLessThan(8);
    expect(tokenizerFrom(tinyTokenizer(), "t.json").encode("a".repeat(40_000), 1e6)).toEqual([2, 1, 3]);
  });
});

it("the embedded vocabulary's file is read at any length of it, or refused", async () => {
  const text = readFileSync(join(import.meta.dirname!, "../../data/mail.tokenizer.json"), "utf8");
  for (const share of [0, 0.3, 0.6, 0.999]) {
    const files = MemoryFiles.of({ "tokenizer.json": text.slice(0, text.length * share) });
    await expect(readTokenizer(files, new Set(["tokenizer.json"]))).rejects.toThrow(InputError);
  }
});
