import type { Normalizer, Write } from "../aligned_text.ts";
import { endOfBlanks, startOfBlanks } from "../blanks.ts";
import type { JsonPart } from "../json_part.ts";
import { readPattern } from "../pattern.ts";

/** Without accents, and without every other mark. */
export const stripAccents: Normalizer = (text, write) => replaceAll(text, /\p{M}+/gu, "", write);

/** Letter by letter, as the reference implementation has it: no letter looks at its neighbours. */
export const lowercase: Normalizer = (text, write) => {
  let start = 0;
  for (const letter of text) {
    write(letter.toLowerCase(), start, start + letter.length);
    start += letter.length;
  }
};

export function replace(json: JsonPart): Normalizer {
  const pattern = readPattern(json.at("pattern"));
  const content = json.at("content").text();
  return (text, write) => replaceAll(text, pattern, content, write);
}

export function strip(json: JsonPart): Normalizer {
  const left = json.at("strip_left").flag(true);
  const right = json.at("strip_right").flag(true);
  return (text, write) => {
    const start = left ? endOfBlanks(text, 0) : 0;
    const end = right ? startOfBlanks(text, text.length, start) : text.length;
    write(text.slice(start, end), start, end);
  };
}

export function prepend(json: JsonPart): Normalizer {
  const before = json.at("prepend").text();
  return (text, write) => {
    if (text !== "") write(before, 0, 0);
    write(text, 0, text.length);
  };
}

function replaceAll(text: string, pattern: RegExp, content: string, write: Write): void {
  let start = 0;
  for (const match of text.matchAll(pattern)) {
    write(text.slice(start, match.index), start, match.index);
    start = match.index + match[0].length;
    write(content, match.index, start);
  }
  write(text.slice(start), start, text.length);
}
