import { InputError } from "../errors.ts";
import { normalized, type Normalizer } from "./aligned_text.ts";
import { endOfBlanks, startOfBlanks } from "./blanks.ts";
import type { JsonPart } from "./json_part.ts";
import { escaped } from "./pattern.ts";
import { GREATEST_ID, type Vocabulary } from "./pieces/vocabulary.ts";

/** A token that is looked for in the text as it stands, before anything is taken into pieces. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Whether it counts only where it is a word of its own. */
  readonly isWord: boolean;
  /** Whether it takes the blanks before and after it. */
  readonly takesBefore: boolean;
  readonly takesAfter: boolean;
  /** Whether it is looked for in the normalised text. */
  readonly isNormalized: boolean;
}

/** @throws InputError where a token and the vocabulary do not agree on an id */
export function readAddedTokens(json: JsonPart, vocabulary: Vocabulary): AddedToken[] {
  if (json.isMissing) return [];
  const pieces = new Map(Array.from(vocabulary, ([piece, id]) => [id, piece]));
  const tokens = json.elements("a list of tokens").map((part): AddedToken => {
    part.object();
    const content = part.at("content").text();
    const id = part.at("id").index(GREATEST_ID);
    const known = vocabulary.get(content);
    const other = pieces.get(id);
    if (known !== undefined && known !== id) {
      throw part.at("id").wrong(`${known}, the id of ${JSON.stringify(content)}`);
    }
    if (other !== undefined && other !== content) {
      throw new InputError(
        `${part.file}: ${part.path} gives ${JSON.stringify(content)} the id ${id} of ${JSON.stringify(other)}`,
      );
    }
    pieces.set(id, content);
    return {
      id,
      content,
      isWord: part.at("single_word").flag(false),
      takesBefore: part.at("lstrip").flag(false),
      takesAfter: part.at("rstrip").flag(false),
      isNormalized: part.at("normalized").flag(!part.at("special").flag(false)),
    };
  });
  return tokens.filter(({ content }) => content !== "");
}

/** A stretch of a text: an added token, or what lies between them. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly id?: number;
}

const LETTER = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** Finds added tokens, the leftmost first and of those the longest. `normalizers`: what the text has been through. */
export function stretchesAt(
  tokens: readonly AddedToken[],
  normalizers: readonly Normalizer[] = [],
): (text: string) => readonly Stretch[] {
  const byContent = new Map(tokens.map((token) => [normalized(token.content, normalizers), token]));
  byContent.delete("");
  if (byContent.size === 0) return (text) => text === "" ? [] : [{ start: 0, end: text.length }];
  const contents = [...byContent.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(contents.map(escaped).join("|"), "gu");
  return (text) => {
    const stretches: Stretch[] = [];
    let last = 0;
    for (const { 0: content, index } of text.matchAll(pattern)) {
      const token = byContent.get(content)!;
      let [start, end] = [index, index + content.length];
      if (token.isWord && !standsAlone(text, start, end)) continue;
      if (token.takesBefore) start = startOfBlanks(text, start, last);
      if (token.takesAfter) end = endOfBlanks(text, end);
      if (start > last) stretches.push({ start: last, end: start });
      // Blanks that a token before this one took may hide this one's beginning.
      if (end > last) stretches.push({ start: Math.max(start, last), end, id: token.id });
      last = end;
    }
    if (last < text.length) stretches.push({ start: last, end: text.length });
    return stretches;
  };
}

function standsAlone(text: string, start: number, end: number): boolean {
  const isPair = start > 1 && text.codePointAt(start - 2)! > 0xffff;
  return !LETTER.test(text.slice(Math.max(0, start - (isPair ? 2 : 1)), start)) &&
    !LETTER.test(text.slice(end, end + 2));
}
