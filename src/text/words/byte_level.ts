import { remembering } from "../remembering.ts";
import type { Cut, Word } from "./word.ts";

const GPT2 =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** The letter that stands for a blank. */
export const BLANK = "Ġ";

/** GPT-2's letters of bytes: those that can be seen as they are, the others from U+0100 on. */
export const byteLetters: readonly string[] = (() => {
  const isSeen = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isSeen(byte) ? byte : next++));
})();

const encoder = new TextEncoder();
const ONLY_SEEN = /^[\x21-\x7E]*$/;

/**
 * Words with the blank before them, spelt by their bytes: GPT-2's.
 *
 * @param hasBlankBefore whether a text that does not begin with a blank is given one
 * @param isCut whether it is cut into words at all, or only spelt
 */
export function byteLevel(hasBlankBefore: boolean, isCut: boolean): Cut {
  return (text) => {
    const added = hasBlankBefore && !text.startsWith(" ") ? 1 : 0;
    const given = added ? ` ${text}` : text;
    if (!isCut) return [wordOf(given, 0, added)];
    return Array.from(given.matchAll(GPT2), ({ 0: part, index }) => wordOf(part, index, added));
  };
}

function wordOf(part: string, index: number, added: number): Word {
  const start = Math.max(0, index - added);
  return {
    text: spelt(part),
    start,
    end: index + part.length - added,
    added: index === 0 ? added : 0,
    isBytes: true,
  };
}

const spelt = remembering((part: string): string => {
  const rest = part.startsWith(" ") ? part.slice(1) : part;
  if (ONLY_SEEN.test(rest)) return rest === part ? part : BLANK + rest;
  return Array.from(encoder.encode(part), (byte) => byteLetters[byte]!).join("");
});

/** For each byte of a text, where the letter that it belongs to begins and ends. */
export function lettersOfBytes(text: string): { readonly starts: number[]; readonly ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  let start = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0)!;
    // A half of a pair alone is written as U+FFFD, which takes three bytes like its neighbours.
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (let byte = 0; byte < bytes; byte++) {
      starts.push(start);
      ends.push(start + letter.length);
    }
    start += letter.length;
  }
  return { starts, ends };
}
