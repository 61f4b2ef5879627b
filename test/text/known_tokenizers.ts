import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { byteLevelBpeJson } from "../../src/text/byte_level_bpe.ts";
import { type Tokenizer, tokenizerFrom } from "../../src/text/tokenizer.ts";
import { wordPieceJson } from "../../src/text/word_piece.ts";
import { sharedFile } from "../shared.ts";

const root = join(import.meta.dirname!, "../..");

/** The parts of a `tokenizer.json` that tests look at or change. */
export interface TokenizerJson {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
  readonly model: {
    readonly type: string;
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
    readonly unk_id?: number;
  };
}

/**
 * SentencePiece's unigram model in the manner of XLM-R: 600 pieces of mails in English and of a few sentences in Russian, learnt by its own
 * trainer with a small table of replacements. Scores are multiples of 1/1024, so that their sums are exact and equals are equals.
 */
export function unigramJson(): TokenizerJson {
  return JSON.parse(readFileSync(join(root, "test/fixtures/tokenizers/unigram.json"), "utf8"));
}

export function mailTokenizer(): Tokenizer {
  return tokenizerFrom(JSON.parse(readFileSync(join(root, "data/mail.tokenizer.json"), "utf8")), "mail");
}

export const sharedNames = [
  "bert-base-uncased",
  "bert-base-multilingual-uncased",
  "rubert-base-cased",
  "gpt2",
  "roberta",
];

const open = new Map<string, Tokenizer>();

/** A tokenizer of the shared vocabularies; RoBERTa's is GPT-2's with five special tokens behind. */
export function sharedTokenizer(context: TestContext, name: string): Tokenizer {
  const tokenizer = open.get(name) ?? read(context, name);
  open.set(name, tokenizer);
  return tokenizer;
}

function read(context: TestContext, name: string): Tokenizer {
  const textOf = (path: string) => readFileSync(sharedFile(context, `tokenizers/${path}`), "utf8");
  if (name === "rubert-base-cased") {
    return tokenizerFrom(wordPieceJson(textOf(`${name}/vocab.txt`), {}, name), name);
  }
  if (name !== "gpt2" && name !== "roberta") return tokenizerFrom(JSON.parse(textOf(`${name}/tokenizer.json`)), name);
  // The copy has another name for the last token, the end of a text.
  const vocabulary: Record<string, number> = JSON.parse(
    textOf("gpt2/encoder.json").replace('"<SEP>"', '"<|endoftext|>"'),
  );
  const special = name === "gpt2" ? [] : ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];
  for (const [place, token] of special.entries()) vocabulary[token] = 50257 + place;
  return tokenizerFrom(byteLevelBpeJson(vocabulary, textOf("gpt2/vocab.bpe"), [name, name]), name);
}

/** Pieces by their ids. */
export function piecesOf(tokenizer: Tokenizer): string[] {
  const { model: { vocab }, added_tokens: added } = tokenizer.json as TokenizerJson;
  const pieces: string[] = [];
  const entries = Array.isArray(vocab)
    ? vocab.map(([piece]: [string, number], id) => [piece, id] as const)
    : Object.entries(vocab as Record<string, number>);
  for (const [piece, id] of entries) pieces[id] = piece;
  for (const { content, id } of added) pieces[id] = content;
  return pieces;
}
