import { InputError } from "../errors.ts";
import type { Files } from "../host.ts";
import { requiredObject, requiredText } from "../json_object.ts";
import { byteLevelBpeJson } from "./byte_level_bpe.ts";
import { type Tokenizer, tokenizerFrom } from "./tokenizer.ts";
import { BYTE_LEVEL, howToConvert, OURS, SETTINGS, WORD_PIECES } from "./tokenizer_files.ts";
import { wordPieceJson } from "./word_piece.ts";

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
