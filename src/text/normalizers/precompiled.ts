import type { Normalizer, Write } from "../aligned_text.ts";
import type { JsonPart } from "../json_part.ts";

/**
 * SentencePiece's normaliser: a table of replacements that its models bring along, most often that of NFKC with a few rules for blanks.
 *
 * The table is a double array (a trie in one array of 32-bit units) from UTF-8 to places in a list of replacements. As the reference
 * implementation does, a whole grapheme of less than six bytes is looked up first, then each of its letters; what is found is the
 * shortest key that it begins with.
 *
 * @see Aoe, An Efficient Digital Search Algorithm by Using a Double-Array Structure, 1989; Kudo & Richardson, SentencePiece, 2018
 */
export function precompiled(json: JsonPart): Normalizer {
  const base64 = json.at("precompiled_charsmap");
  if (base64.isMissing || base64.value === "") return (text, write) => write(text, 0, text.length);
  const replacementOf = readTable(base64);
  const replacement = (part: string) => replacementOf(encoder.encode(part));
  const letters = new Map<number, string | undefined>();
  const letterReplacement = (point: number) => {
    if (!letters.has(point)) letters.set(point, replacement(String.fromCodePoint(point)));
    return letters.get(point);
  };
  const writeLetters = (text: string, from: number, to: number, write: Write) => {
    let [same, start] = [from, from];
    while (start < to) {
      const point = text.codePointAt(start)!;
      const end = start + (point > 0xffff ? 2 : 1);
      const found = letterReplacement(point);
      if (found !== undefined) {
        if (start > same) write(text.slice(same, start), same, start);
        write(found, start, end);
        same = end;
      }
      start = end;
    }
    if (to > same) write(text.slice(same, to), same, to);
  };
  return (text, write) => {
    let last = 0;
    for (const { 0: { length }, index } of text.matchAll(JOINING)) {
      writeLetters(text, last, index, write);
      last = index + length;
      for (const { segment, index: within } of graphemes.segment(text.slice(index, last))) {
        const [start, end] = [index + within, index + within + segment.length];
        const whole = isShort(segment) ? replacement(segment) : undefined;
        if (whole === undefined) writeLetters(text, start, end, write);
        else write(whole, start, end);
      }
    }
    writeLetters(text, last, text.length, write);
  };
}

const encoder = new TextEncoder();
const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** Letters of Latin, Greek, Cyrillic, Chinese and Japanese that never join each other: of these, each is a grapheme. */
const ALONE = String
  .raw`\t\n\x20-\x7E\xA0-\xAC\xAE-\u02FF\u0370-\u0482\u048A-\u0590\u2010-\u2027\u2030-\u205E\u20A0-\u20C0\u2116\u3000-\u3029\u3031-\u3098\u309B-\u30FF\u3400-\u9FFF`;

/** All others, with the letters beside them, which they may join. */
const JOINING = new RegExp(`[${ALONE}]?[^${ALONE}]+(?:[${ALONE}][^${ALONE}]+)*[${ALONE}]?`, "gu");

function isShort(part: string): boolean {
  return part.length < 6 && encoder.encode(part).length < 6;
}

/** Of the replacements: the one whose key is the shortest that the given bytes begin with. */
function readTable(json: JsonPart): (key: Uint8Array) => string | undefined {
  const bytes = bytesOf(json);
  const view = new DataView(bytes.buffer);
  const size = bytes.length < 4 ? 0 : view.getUint32(0, true);
  if (size < 4 || size % 4 !== 0 || 4 + size > bytes.length) throw json.wrong("a table of SentencePiece, in base 64");
  const units = Uint32Array.from({ length: size / 4 }, (_, index) => view.getUint32(4 + 4 * index, true));
  const texts = bytes.subarray(4 + size);
  const decoder = new TextDecoder();
  return (key) => {
    let place = offsetOf(units[0]!);
    for (const byte of key) {
      if (byte === 0) return undefined;
      place ^= byte;
      const unit = units[place];
      if (unit === undefined || labelOf(unit) !== byte) return undefined;
      place ^= offsetOf(unit);
      if (!hasLeaf(unit)) continue;
      const start = (units[place] ?? 0) & 0x7fffffff;
      const end = texts.indexOf(0, start);
      return start < texts.length ? decoder.decode(texts.subarray(start, end < 0 ? texts.length : end)) : undefined;
    }
    return undefined;
  };
}

/** A unit's parts, as the darts-clone library lays them out. */
const hasLeaf = (unit: number) => (unit >>> 8) & 1;
const labelOf = (unit: number) => (unit & 0x800000ff) >>> 0;
const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);

function bytesOf(json: JsonPart): Uint8Array {
  try {
    return Uint8Array.from(atob(json.text()), (letter) => letter.charCodeAt(0));
  } catch (thrown) {
    if (thrown instanceof DOMException) throw json.wrong("a table of SentencePiece, in base 64");
    throw thrown;
  }
}
