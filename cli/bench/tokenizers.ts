import { join } from "node:path";
import { full, quick } from "../../bench/efforts.ts";
import { benchTokenizers, type TokenizerBench, wholeAndShort } from "../../bench/tokenizers/bench_tokenizers.ts";
import type { TokenizerRow } from "../../bench/tokenizers/measure_tokenizer.ts";
import { aimReached, tokenizerTable } from "../../bench/tokenizers/tokenizer_table.ts";
import { gunzip } from "../../src/data/gzip.ts";
import { InputError } from "../../src/errors.ts";
import { readTokenizer } from "../../src/text/read_tokenizer.ts";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { denoClock } from "../host/deno_clock.ts";
import { DenoFiles } from "../host/deno_files.ts";
import { StatusLine } from "../run/status_line.ts";
import type { Bench } from "./bench.ts";
import { follow, type Step } from "./follow.ts";

const data = join(import.meta.dirname!, "../../data");
const MOST_TEXTS = 5_000;

/** No GPU is opened. `names`: a folder with a tokenizer, and a file with texts for it; without, what is embedded. */
export const tokenizers: Bench = {
  name: "tokenizers",
  async run({ names: [folder, file, ...others], quick: isQuick, json }, io) {
    if (others.length > 0) throw new InputError("bench tokenizers takes a folder and a file, no more");
    const progress = new StatusLine(io);
    const tokenizer = await (folder === undefined ? embedded() : read(folder));
    const texts = await readTexts(file ?? join(data, "mail.jsonl.gz"));
    const cores = `${navigator.hardwareConcurrency} cores`;
    progress.line(`measuring ${folder ?? "the embedded tokenizer"} on one of ${cores}`);
    const now = () => denoClock.now();
    const bench: TokenizerBench = {
      name: folder ?? "mail",
      tokenizer,
      sets: wholeAndShort(file ?? "mails", texts.slice(0, MOST_TEXTS)),
      effort: isQuick ? quick : full,
      signal: io.signal,
      now,
    };
    const rows = await follow(steps(bench), progress, now);
    io.out(
      json
        ? JSON.stringify({ adapter: cores, quick: isQuick, rows }, null, 2) + "\n"
        : tokenizerTable(rows, io.columns),
    );
  },
};

async function* steps(bench: TokenizerBench): AsyncGenerator<Step<TokenizerRow>> {
  for await (const event of benchTokenizers(bench)) {
    if (event.kind === "row") yield { row: event.row, line: aimReached(event.row) };
    else yield { what: `${event.texts}, ${event.done + 1} of ${event.of}`, done: event.done / event.of };
  }
}

async function embedded() {
  const file = join(data, "mail.tokenizer.json");
  return tokenizerFrom(JSON.parse(await Deno.readTextFile(file)), file);
}

async function read(folder: string) {
  using files = new DenoFiles(folder);
  return await readTokenizer(files, new Set(await files.list("")));
}

/** The `text` of each row of a JSON Lines file, packed or not; of any other file, its lines. */
async function readTexts(file: string): Promise<string[]> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) throw new InputError(`there is no ${file}`);
    throw thrown;
  }
  const plain = file.endsWith(".gz") ? await gunzip(bytes, file) : bytes;
  const lines = new TextDecoder().decode(plain).split("\n").filter((line) => line !== "");
  const texts = /\.jsonl(\.gz)?$/.test(file) ? lines.map((line, index) => textOf(line, `${file}:${index + 1}`)) : lines;
  if (texts.length === 0) throw new InputError(`${file} has no texts`);
  return texts;
}

function textOf(line: string, where: string): string {
  try {
    const { text } = JSON.parse(line);
    if (typeof text === "string") return text;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
  }
  throw new InputError(`${where}: no text. Expected {"text": "..."}`);
}
