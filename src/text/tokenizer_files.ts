import { InputError } from "../errors.ts";

export const OURS = "tokenizer.json";
export const SETTINGS = "tokenizer_config.json";
export const WORD_PIECES = "vocab.txt";
/** A vocabulary and its merges, under the names of Hugging Face and of GPT-2's own files. */
export const BYTE_LEVEL = [["vocab.json", "merges.txt"], ["encoder.json", "vocab.bpe"]] as const;
const SENTENCE_PIECE = /^(spiece|sentencepiece|tokenizer)(\.bpe)?\.model$/;

/**
 * The files that `readTokenizer` reads, of those that are there.
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
export function howToConvert(there: ReadonlySet<string>, from: string): string {
  const model = [...there].find((name) => SENTENCE_PIECE.test(name));
  if (model === undefined) return "";
  return `, and ${model} is not read. ` +
    `Convert it where Python's transformers are installed: AutoTokenizer.from_pretrained("${from}").save_pretrained(FOLDER)`;
}
