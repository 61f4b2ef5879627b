import type { Normalizer } from "../aligned_text.ts";

/**
 * A letter with all that may join it: marks, the parts of Korean syllables (also those that are so only after a compatibility
 * decomposition, as are the half-width marks of Japanese), and the one vowel sign that is a letter.
 */
const JOINED = /[^][\p{M}\u1160-\u11FF\u3131-\u318E\uFF9E-\uFFDC\u{16D67}]*/gu;

/** One of Unicode's four normal forms. */
export function unicodeForm(form: "NFC" | "NFD" | "NFKC" | "NFKD"): Normalizer {
  return (text, write) => {
    const whole = text.normalize(form);
    if (whole === text) {
      write(text, 0, text.length);
      return;
    }
    const parts = Array.from(text.matchAll(JOINED), ([part], _) => part);
    const outputs = parts.map((part) => part.normalize(form));
    // Should Unicode come to join what this pattern does not know of, the text is still right, and its places are coarse.
    if (outputs.join("") !== whole) {
      write(whole, 0, text.length);
      return;
    }
    let start = 0;
    for (const [index, part] of parts.entries()) {
      write(outputs[index]!, start, start + part.length);
      start += part.length;
    }
  };
}
