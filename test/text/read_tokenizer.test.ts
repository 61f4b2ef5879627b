import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it, type TestContext } from "vitest";
import { InputError } from "../../src/errors.ts";
import { writeText } from "../../src/host.ts";
import { readTokenizer } from "../../src/text/read_tokenizer.ts";
import type { Tokenizer } from "../../src/text/tokenizer.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { sharedFile } from "../shared.ts";
import { sharedTexts } from "./shared_texts.ts";

async function read(files: MemoryFiles): Promise<Tokenizer> {
  return await readTokenizer(files, new Set(await files.list("")));
}

async function refusal(files: MemoryFiles): Promise<string> {
  const thrown = await read(files).then(() => undefined, (reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(InputError);
  return (thrown as Error).message;
}

/** A vocabulary's files, by the names that they have in a model's folder. */
async function shared(context: TestContext, folder: string, names: Readonly<Record<string, string>>) {
  const files = new MemoryFiles();
  for (const [name, path] of Object.entries(names)) {
    await files.write(name, readFileSync(sharedFile(context, `tokenizers/${folder}/${path}`)));
  }
  return await read(files);
}

/** Pieces by their ids. */
function piecesOf(tokenizer: Tokenizer): string[] {
  const { vocab } = (tokenizer.json as { model: { vocab: Record<string, number> } }).model;
  const pieces: string[] = [];
  for (const [piece, id] of Object.entries(vocab)) pieces[id] = piece;
  return pieces;
}

const ENDLESS = Number.MAX_SAFE_INTEGER;

describe("a vocabulary of word pieces", () => {
  const pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "Good", "##ly", "cafe", "café", "中", "文"];
  let files: MemoryFiles;
  beforeEach(() => {
    files = MemoryFiles.of({ "vocab.txt": `${pieces.join("\n")}\n` });
  });

  it("becomes a tokenizer that keeps capitals, for it has some, and takes Chinese words apart", async () => {
    const tokenizer = await read(files);
    expect(tokenizer.encode("Goodly good 中文 café", 16)).toEqual([2, 5, 6, 4, 9, 10, 8, 3]);
    expect([tokenizer.padId, tokenizer.vocabularySize]).toEqual([0, 11]);
  });

  it("is taken as its settings say", async () => {
    await writeText(files, "tokenizer_config.json", JSON.stringify({ do_lower_case: true }));
    expect((await read(files)).encode("Goodly café", 16)).toEqual([2, 4, 6, 7, 3]);
    await writeText(files, "tokenizer_config.json", JSON.stringify({ do_lower_case: true, strip_accents: false }));
    expect((await read(files)).encode("Goodly café", 16)).toEqual([2, 4, 6, 8, 3]);
    await writeText(files, "tokenizer_config.json", JSON.stringify({ tokenize_chinese_chars: false }));
    expect((await read(files)).encode("中文", 16)).toEqual([2, 1, 3]);
  });

  it("is lower-cased where it has no capitals, but for words in brackets", async () => {
    await writeText(files, "vocab.txt", pieces.filter((piece) => piece !== "Good").join("\r\n"));
    expect((await read(files)).encode("GOODLY", 16)).toEqual([2, 4, 5, 3]);
  });

  it("is passed over where there is a tokenizer.json", async () => {
    const { json } = await read(files);
    const other = { ...json, post_processor: null };
    await writeText(files, "tokenizer.json", JSON.stringify(other));
    expect((await read(files)).encode("Good", 16)).toEqual([5]);
  });

  it("is refused where it lacks a special token, or is no text", async () => {
    await writeText(files, "vocab.txt", pieces.filter((piece) => piece !== "[SEP]").join("\n"));
    expect(await refusal(files)).toBe("memory:vocab.txt has no [SEP], which a vocabulary of word pieces needs");
    await files.write("vocab.txt", Uint8Array.of(0xff));
    expect(await refusal(files)).toBe("memory:vocab.txt is not UTF-8");
  });
});

describe("a vocabulary of byte pairs", () => {
  const words = ["a", "b", "c", "Ġ", "ab", "Ġab", "<|endoftext|>"];
  const vocabulary = Object.fromEntries(words.map((word, id) => [word, id]));
  const files = (vocab: unknown = vocabulary, merges = "#version: 0.2\na b\nĠ ab\n") =>
    MemoryFiles.of({ "vocab.json": JSON.stringify(vocab), "merges.txt": merges });

  it("becomes GPT-2's tokenizer, which adds nothing to a text", async () => {
    const tokenizer = await read(files());
    expect(tokenizer.encode("ab ab cab", 16)).toEqual([4, 5, 3, 2, 4]);
    expect(tokenizer.encode("ab ab cab", 2)).toEqual([4, 5]);
    expect(tokenizer.padId).toBe(6);
    expect(tokenizer.encode("", 4)).toEqual([6]);
  });

  it("becomes RoBERTa's where there are its special tokens", async () => {
    const roberta = { "<s>": 7, "<pad>": 8, "</s>": 9, "<unk>": 10, "<mask>": 11 };
    const tokenizer = await read(files({ ...vocabulary, ...roberta }));
    expect(tokenizer.encode("ab cab", 16)).toEqual([7, 4, 3, 2, 4, 9]);
    expect(tokenizer.encode("ab cab", 4)).toEqual([7, 4, 3, 9]);
    expect(tokenizer.padId).toBe(8);
  });

  it("is refused where a file is not what it should be", async () => {
    expect(await refusal(files([]))).toMatch(/^memory:vocab\.json is not a JSON object$/);
    expect(await refusal(files({ a: "x" }))).toMatch(/^memory:vocab\.json is not a vocabulary: /);
    expect(await refusal(files(vocabulary, "a b\na b c\n"))).toBe(
      "memory:merges.txt: line 2 does not name two tokens to merge",
    );
  });
});

it("a SentencePiece model alone is refused, with how to convert it", async () => {
  expect(await refusal(MemoryFiles.of({}))).toBe("there is no memory:tokenizer.json");
  expect(await refusal(MemoryFiles.of({ "sentencepiece.bpe.model": "x" }))).toMatch(
    /^there is no memory:tokenizer\.json, and sentencepiece\.bpe\.model is not read\. Convert.*save_pretrained/,
  );
});

describe("of the shared vocabularies and texts,", () => {
  it("BERT's vocab.txt gives the ids of its tokenizer.json", async (context) => {
    const texts = sharedTexts(context);
    const ours = await shared(context, "bert-base-uncased", { "vocab.txt": "vocab.txt" });
    const theirs = await shared(context, "bert-base-uncased", { "tokenizer.json": "tokenizer.json" });
    const idsOf = (tokenizer: Tokenizer, text: string) => String(tokenizer.encode(text, ENDLESS));
    expect(texts.filter((text) => idsOf(ours, text) !== idsOf(theirs, text))).toEqual([]);
  });

  it("RuBERT's is cased, knows all but a few words, and its pieces make them again", async (context) => {
    const tokenizer = await shared(context, "rubert-base-cased", { "vocab.txt": "vocab.txt" });
    const pieces = piecesOf(tokenizer);
    expect(tokenizer.vocabularySize).toBe(119547);
    let [known, unknown] = [0, 0];
    const changed = sharedTexts(context).filter((text) => {
      const ids = tokenizer.encode(text, ENDLESS).slice(1, -1);
      const parts = ids.map((id) => pieces[id]!);
      unknown += parts.filter((part) => part === "[UNK]").length;
      known += parts.length;
      if (parts.includes("[UNK]")) return false;
      const again = parts.map((part) => part.replace(/^##(?=.)/, "")).join("");
      // What is not seen, and what stands for letters that were lost, is left out.
      return again !== text.replace(/[\s\p{C}\uFFFD]/gu, "");
    });
    expect(changed).toEqual([]);
    expect(unknown / known).toBeLessThan(1e-3);
  });

  it("GPT-2's gives known ids, and its bytes are those of the text", async (context) => {
    const textOf = (path: string) => readFileSync(sharedFile(context, `tokenizers/gpt2/${path}`), "utf8");
    // The copy has another name for the last token, the end of a text.
    const vocabulary = textOf("encoder.json").replace('"<SEP>"', '"<|endoftext|>"');
    const tokenizer = await read(MemoryFiles.of({ "vocab.json": vocabulary, "merges.txt": textOf("vocab.bpe") }));
    expect([tokenizer.vocabularySize, tokenizer.padId]).toEqual([50257, 50256]);
    expect(tokenizer.encode("Hello world", 8)).toEqual([15496, 995]);
    const pieces = piecesOf(tokenizer);
    const byteOf = bytesByLetter();
    const changed = sharedTexts(context).filter((text) => {
      const bytes = tokenizer.encode(text, ENDLESS).flatMap((id) =>
        [...pieces[id]!].map((letter) => byteOf.get(letter)!)
      );
      return new TextDecoder().decode(Uint8Array.from(bytes)) !== text;
    });
    expect(changed).toEqual([]);
  });
});

/** GPT-2 writes each byte as a letter that can be seen: those that can be as they are, the others from U+0100 on. */
function bytesByLetter(): ReadonlyMap<string, number> {
  const isSeen = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCodePoint(isSeen(byte) ? byte : next++), byte]),
  );
}
