import { InputError } from "../errors.ts";
import { type Encoding, framed } from "./encoding.ts";
import { type Frame, readFrames, specialsIn } from "./frame.ts";
import { JsonPart } from "./json_part.ts";
import { TextTokens } from "./tokens.ts";
import { lengthsOfPair } from "./truncation.ts";

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
  /** The same ids, with what each stands for in the text. */
  encodePlaces(text: string, maxLength: number): Encoding;
  /**
   * Two texts as one row, such as [CLS] first [SEP] second [SEP]. Where they are too long together, the longer one loses its end first.
   *
   * @throws InputError where the file does not say how its model takes two texts
   * @throws RangeError where `maxLength` leaves no place for a token of each text
   */
  encodePair(first: string, second: string, maxLength: number): Encoding;
  /**
   * Words that were told apart before, as for tagging. A word may have several tokens, or none, as one of control characters alone; what is
   * too long loses its last tokens, and so perhaps the end of a word.
   *
   * @throws RangeError where `maxLength` leaves no place for a token of a word
   */
  encodeWords(words: readonly string[], maxLength: number): WordEncoding;
}

/** The tokens of words, with the special tokens of their model. */
export interface WordEncoding {
  readonly ids: readonly number[];
  /** For each token, the place of its word in the list; -1 for special tokens. */
  readonly words: readonly number[];
}

/** What models call the token that fills rows up; GPT-2 has none of its own, and its end of text is used. */
const padTokens = ["[PAD]", "<pad>", "<|endoftext|>"];

/**
 * Makes the tokenizer of a parsed `tokenizer.json` (Hugging Face layout). It gives what the reference implementation gives, Hugging Face's
 * tokenizers in Rust.
 *
 * @param file how a person finds it, for messages
 * @throws InputError where it is none, or names no token to pad with
 */
export function tokenizerFrom(json: unknown, file: string): Tokenizer {
  if (json === null || typeof json !== "object" || !("model" in json)) {
    throw new InputError(`${file}: not a tokenizer.json: it has no "model"`);
  }
  const root = new JsonPart(json, file);
  const frames = readFrames(root.at("post_processor"));
  const texts = new TextTokens(root, frames.trims);
  const padId = padTokens.map((token) => texts.idOf(token)).find((id) => id !== undefined);
  if (padId === undefined) {
    throw new InputError(`${file}: no token to pad with. Expected one of: ${padTokens.join(", ")}`);
  }
  const [before, after] = around(frames.single);
  const roomFor = (frame: Frame, least: number, maxLength: number) => {
    const specials = specialsIn(frame);
    if (maxLength >= specials + least) return maxLength - specials;
    throw new RangeError(`${maxLength} tokens leave no place for text beside ${specials} special tokens`);
  };
  return {
    json,
    file,
    padId,
    vocabularySize: 1 +
      greatest([...texts.vocabulary.values(), ...texts.addedTokens.map(({ id }) => id), ...before, ...after]),
    encode(text, maxLength) {
      const room = roomFor(frames.single, 1, maxLength);
      const ids = texts.ids(text, room);
      if (ids.length > room) ids.length = room;
      // Without special tokens, an empty text has none at all, and nothing could be said of it.
      if (ids.length + before.length + after.length === 0) return [padId];
      return [...before, ...ids, ...after];
    },
    encodePlaces(text, maxLength) {
      const room = roomFor(frames.single, 1, maxLength);
      const tokens = texts.tokens(text);
      return framed(frames.single, [tokens], [room], padId);
    },
    encodePair(first, second, maxLength) {
      const frame = frames.pair();
      const room = roomFor(frame, 2, maxLength);
      const tokens = [texts.tokens(first), texts.tokens(second)] as const;
      return framed(frame, tokens, lengthsOfPair(tokens[0].ids.length, tokens[1].ids.length, room), padId);
    },
    encodeWords(words, maxLength) {
      const room = roomFor(frames.single, 1, maxLength);
      const ids: number[] = [];
      const places: number[] = [];
      for (const [place, word] of words.entries()) {
        for (const id of texts.idsOfWord(word).slice(0, room - ids.length)) {
          ids.push(id);
          places.push(place);
        }
        if (ids.length === room) break;
      }
      const special = (tokens: readonly number[]) => tokens.map(() => -1);
      if (ids.length + before.length + after.length === 0) return { ids: [padId], words: [-1] };
      return { ids: [...before, ...ids, ...after], words: [...special(before), ...places, ...special(after)] };
    },
  };
}

/** The special tokens before a text and those after it. */
function around(frame: Frame): readonly [readonly number[], readonly number[]] {
  const place = frame.findIndex((part) => "text" in part);
  const idsOf = (parts: Frame) => parts.flatMap((part) => "ids" in part ? part.ids : []);
  return [idsOf(frame.slice(0, place)), idsOf(frame.slice(place + 1))];
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), -1);
}
