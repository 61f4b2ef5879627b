/**
 * Makes data/mail.tokenizer.json from the training part of data/mail.jsonl.gz.
 *
 *     deno run --allow-read=data --allow-write=data scripts/tokenizer/make_tokenizer.ts
 */

import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { MASKS } from "../mail/normal_text.ts";
import type { Row } from "../mail/rows.ts";
import { trainPieces } from "./merges.ts";
import { SPECIAL_TOKENS, tokenizerJson } from "./tokenizer_json.ts";
import { mostUsed } from "./usage.ts";
import { countWords } from "./word_counts.ts";

const VOCABULARY = 4000;

/** What is rarer, a character or a pair, gets no piece. */
const MINIMUM = 5;

/** How many times the pieces that are kept are trained first. */
const SURPLUS = 1.3;

const data = new URL("../../data/", import.meta.url);
const rows = gunzipSync(await readFile(new URL("mail.jsonl.gz", data))).toString("utf8").trimEnd().split("\n")
  .map((line): Row => JSON.parse(line));
const texts = rows.filter(({ split }) => split === "train").map(({ text }) => text);
const size = VOCABULARY - SPECIAL_TOKENS.length - MASKS.length;
const words = countWords(texts, MASKS);
const pieces = mostUsed(trainPieces(words, Math.round(size * SURPLUS), MINIMUM), words, size);
await writeFile(new URL("mail.tokenizer.json", data), `${JSON.stringify(tokenizerJson(MASKS, pieces))}\n`);
process.stdout.write(
  `${pieces.length} pieces and ${SPECIAL_TOKENS.length + MASKS.length} tokens from ${texts.length} texts\n`,
);
