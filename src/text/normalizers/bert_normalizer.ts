import type { Normalizer, Write } from "../aligned_text.ts";
import type { JsonPart } from "../json_part.ts";

/** Runs of Latin, Cyrillic and common signs, which may be rewritten whole: no letter of theirs looks at its neighbours, and none is removed. */
const EASY =
  /[\t\n\r\x20-\x7E\xA0-\xAC\xAE-\u02FF\u0400-\u0482\u048A-\u052F\u2010-\u2027\u2030-\u205E\u20A0-\u20C0\u2116]+/g;
const CONTROL = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;
const BLANK = /\p{White_Space}/u;

/**
 * BERT's: control characters go, all blanks are one, Chinese characters stand alone, accents are stripped and capitals lowered. It does so
 * letter by letter, as the reference implementation does: a Greek sigma that ends a word is a sigma like any other.
 */
export function bertNormalizer(json: JsonPart): Normalizer {
  const cleans = json.at("clean_text").flag(true);
  const spacesChinese = json.at("handle_chinese_chars").flag(true);
  const lowers = json.at("lowercase").flag(true);
  const strips = json.at("strip_accents").flag(lowers);

  const made = new Map<number, string>();
  const outputOf = (point: number): string => {
    const known = made.get(point);
    if (known !== undefined) return known;
    let output = String.fromCodePoint(point);
    if (cleans) output = isRemoved(point, output) ? "" : BLANK.test(output) ? " " : output;
    if (strips) output = output.normalize("NFD").replace(/\p{Mn}/gu, "");
    if (lowers) output = Array.from(output, (letter) => letter.toLowerCase()).join("");
    if (spacesChinese && isChinese(point)) output = ` ${output} `;
    made.set(point, output);
    return output;
  };
  const writeLetters = (text: string, from: number, to: number, write: Write) => {
    for (let start = from; start < to;) {
      const point = text.codePointAt(start)!;
      const end = start + (point > 0xffff ? 2 : 1);
      write(outputOf(point), start, end);
      start = end;
    }
  };
  const rewrite = (run: string): string => {
    let output = cleans ? run.replace(/[\t\n\r\xA0]/g, " ") : run;
    if (strips) output = output.normalize("NFD").replace(/\p{Mn}/gu, "");
    return lowers ? output.toLowerCase() : output;
  };
  return (text, write) => {
    let last = 0;
    for (const { 0: run, index } of text.matchAll(EASY)) {
      writeLetters(text, last, index, write);
      last = index + run.length;
      const output = rewrite(run);
      // None of these letters goes, so where as many are left, each became one.
      if (output.length === run.length) write(output, index, last);
      else writeLetters(text, index, last, write);
    }
    writeLetters(text, last, text.length, write);
  };
}

function isRemoved(point: number, letter: string): boolean {
  if (point === 0x09 || point === 0x0a || point === 0x0d) return false;
  return point === 0xfffd || CONTROL.test(letter);
}

/** The blocks that BERT took for Chinese, with the gap that the reference implementation has in the last extension. */
const chinese = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0x2f800, 0x2fa1f],
] as const;

function isChinese(point: number): boolean {
  return point >= 0x3400 && chinese.some(([first, last]) => point >= first && point <= last);
}
