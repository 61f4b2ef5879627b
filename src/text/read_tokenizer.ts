import { InputError } from "../errors.ts";
import type { Files } from "../host.ts";
import { requiredObject, requiredText } from "../json_object.ts";
import { byteLevelBpeJson } from "./byte_level_bpe.ts";
import { type Tokenizer, tokenizerFrom } from "./tokenizer.ts";
import { wordPieceJson } from "./word_piece.ts";

const OURS = "tokenizer.json";
const SETTINGS = "tokenizer_config.json";
const WORD_PIECES = "vocab.txt";
/** A vocabulary and its merges, under the names of Hugging Face and of GPT-2's own files. */
const BYTE_LEVEL = [["vocab.json", "merges.txt"], ["encoder.json", "vocab.bpe"]] as const;
const SENTENCE_PIECE = /^(spiece|sentencepiece|tokenizer)(\.bpe)?\.model$/;

/**
 * The tokenizer of a folder in Hugging Face layout: of its `tokenizer.json`, else of `vocab.txt` (word pieces), or of `vocab.json` and
 * `merges.txt` (byte-level pairs).
 *
 * @param there the names of the files in the folder
 * @throws InputError naming the file that is missing or wrong
 */
export async function readTokenizer(files: Files, there: ReadonlySet<string>): Promise<Tokenizer> {
  const source = files.describe(OURS);
  if (there.has(OURS)) return tokenizerFrom(await requiredObject(files, OURS), source);
  if (there.has(WORD_PIECES)) {
    const settings = there.has(SETTINGS) ? await requiredObject(files, SETTINGS) : {};
    const text = await requiredText(files, WORD_PIECES);
    return tokenizerFrom(wordPieceJson(text, settings, files.describe(WORD_PIECES)), files.describe(WORD_PIECES));
  }
  const found = BYTE_LEVEL.find((names) => names.every((name) => there.has(name)));
  if (found) {
    const [vocabulary, merges] = found;
    const json = byteLevelBpeJson(await requiredObject(files, vocabulary), await requiredText(files, merges), [
      files.describe(vocabulary),
      files.describe(merges),
    ]);
    return tokenizerFrom(json, files.describe(vocabulary));
  }
  throw new InputError(`there is no ${source}${howToConvert(there, files.describe(""))}`);
}

/**
 * The files that {@link readTokenizer} reads, of those that are there.
 *
 * @param model what Python's libraries know it by
 * @throws InputError where there are none
 */
export function tokenizerFiles(there: ReadonlySet<string>, model: string): string[] {
  if (there.has(OURS)) return [OURS];
  if (there.has(WORD_PIECES)) return [WORD_PIECES, SETTINGS].filter((name) => there.has(name));
  const found = BYTE_LEVEL.find((names) => names.every((name) => there.has(name)));
  if (found) return [...found];
  throw new InputError(`there is no ${OURS}${howToConvert(there, model)}`);
}

/** The words of a folder whose tokenizer is a SentencePiece model alone. */
function howToConvert(there: ReadonlySet<string>, from: string): string {
  const model = [...there].find((name) => SENTENCE_PIECE.test(name));
  if (model === undefined) return "";
  return `, and ${model} is not read. ` +
    `Convert it where Python's transformers are installed: AutoTokenizer.from_pretrained("${from}").save_pretrained(FOLDER)`;
}
