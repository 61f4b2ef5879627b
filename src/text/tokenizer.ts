import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { InputError, messageOf } from "../errors.ts";

/** Turns texts into the token ids of one vocabulary. */
export interface Tokenizer {
  /** The `tokenizer.json` it was made from, for saving beside a model. */
  readonly json: object;
  /** How a person finds the file that it was read from. */
  readonly file: string;
  /** The id that fills rows up. */
  readonly padId: number;
  /** Rows that an embedding table needs: the greatest id, and one. */
  readonly vocabularySize: number;
  /**
   * Ids of a text with the special tokens of its model, such as [CLS] before and [SEP] after. A longer text loses its end to
   * fit into `maxLength`, never its special tokens. There is at least one: a text without any is the token that fills rows up.
   *
   * @throws RangeError where `maxLength` leaves no place for a token of the text
   */
  encode(text: string, maxLength: number): number[];
}

/** What models call the token that fills rows up; GPT-2 has none of its own, and its end of text is used. */
const padTokens = ["[PAD]", "<pad>", "<|endoftext|>"];

/**
 * Makes the tokenizer of a parsed `tokenizer.json` (Hugging Face layout).
 *
 * @param file how a person finds it, for messages
 * @throws InputError where it is none, or names no token to pad with
 */
export function tokenizerFrom(json: unknown, file: string): Tokenizer {
  if (json === null || typeof json !== "object" || !("model" in json)) {
    throw new InputError(`${file}: not a tokenizer.json: it has no "model"`);
  }
  const inner = open(json, file);
  const pad = padTokens.map((token) => inner.token_to_id(token)).find((id) => id !== undefined);
  if (pad === undefined) {
    throw new InputError(`${file}: no token to pad with. Expected one of: ${padTokens.join(", ")}`);
  }
  const idsOf = (text: string) => inner.encode(text).ids;
  const frame = idsOf("");
  const before = commonPrefix(frame, idsOf("a"));
  const after = frame.slice(before);
  return {
    json,
    file,
    padId: pad,
    vocabularySize: sizeOf(inner),
    encode(text, maxLength) {
      if (maxLength <= frame.length) {
        throw new RangeError(`${maxLength} tokens leave no place for text beside ${frame.length} special tokens`);
      }
      const ids = idsOf(text);
      // Without special tokens, an empty text has none at all, and nothing could be said of it.
      if (ids.length === 0) return [pad];
      return ids.length <= maxLength ? ids : [...ids.slice(0, maxLength - after.length), ...after];
    },
  };
}

function open(json: object, file: string): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(json, {});
  } catch (thrown) {
    throw new InputError(`${file}: not a tokenizer.json that can be read: ${messageOf(thrown)}`);
  }
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = a.findIndex((id, index) => id !== b[index]);
  return end === -1 ? a.length : end;
}

function sizeOf(tokenizer: HuggingFaceTokenizer): number {
  let greatest = -1;
  for (const id of tokenizer.get_vocab(true).values()) greatest = Math.max(greatest, id);
  return greatest + 1;
}
