/** One plain form for all texts: addresses, links and long numbers masked, ornaments dropped, white space collapsed. */

export const EMAIL = "<email>";
export const LINK = "<url>";
export const NUMBER = "<number>";
export const MASKS = [EMAIL, LINK, NUMBER] as const;

const ADDRESS = /<?(?:mailto:)?<?\b[\w.+=%-]+@(?:[\w-]+\.)*[\w-]+\b(?:\?\w+=[^\s<>"')]*)?>?/gi;
const SCHEME_LINK = /<?(?:URL:\s*|mailto:)?\b(?:https?|ftp|news|file|gopher|mms|rtsp):\/{1,2}[^\s<>"')\]]*>?/gi;
const HOSTS =
  "com|net|org|edu|gov|mil|int|info|biz|ie|uk|de|fr|nl|it|es|ca|au|nz|jp|cn|ru|us|tv|cc|to|ch|se|no|dk|fi|at|be|pl|cz|br|za|in|tk|ws|nu";
const BARE_LINK = new RegExp(
  `\\b(?:www\\d?\\.[\\w.-]+|(?:[\\w-]+\\.)+(?:${HOSTS}))\\b(?::\\d+)?(?:/[^\\s<>"')\\]]*)?`,
  "gi",
);
/** An address in four numbers; what begins with a single digit is the version of a program. */
const IP_LINK = /(?<![\w.])[1-9]\d{1,2}(?:\.\d{1,3}){3}(?![\w.]\d)(?::\d+)?(?:\/[^\s<>"')\]]*)?/g;
/** Telephone numbers, and keys of six digits or more. Amounts (10,000,000), prices, dates and times stay. */
const TELEPHONE =
  /(?<![\d.,/])(?<!\d-)(?:(?:\+?\d{1,3}[-. ]{0,2})?\(?\d{3}\)?[-./ ]{0,2}\d{3}[-. ]{1,2}\d{4}|\+\d(?:[-(). ]{0,2}\d){6,}|\d{2,4}-\d{1,4}-\d{4,9})(?![\d/])/g;
const LONG_NUMBER = /(?<![\p{L}\d.,])\d{6,}(?!\p{L})/gu;
/** Words too long for any language: keys, encoded data. */
const NO_WORD = /\S{46,}/g;

export function normalText(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[™®©]/g, "")
    // Controls, soft hyphens, zero-width characters and what could not be decoded.
    .replace(/[\p{Cc}\p{Cf}\p{Co}\ufffd]/gu, (character) => (/\s/.test(character) ? " " : ""))
    .replace(/[‘’‚‛`´]/g, "'")
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‐‑‒–—―]/g, "-")
    .replace(SCHEME_LINK, LINK)
    .replace(ADDRESS, EMAIL)
    .replace(BARE_LINK, LINK)
    .replace(IP_LINK, LINK)
    .replace(TELEPHONE, NUMBER)
    .replace(LONG_NUMBER, NUMBER)
    .replace(NO_WORD, " ")
    // Rules and boxes: each of their characters would cost a model one of its few tokens.
    .replace(
      /([^\p{L}\p{N}\s])(?:\s?\1){3,}/gu,
      (_run, character) => (/[.!?$]/.test(character) ? character.repeat(3) : " "),
    )
    .replace(/\s+/g, " ")
    .trim();
}

/** The text to its last whole word within `length` characters. */
export function firstWords(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length + 1);
  return cut.slice(0, Math.max(cut.lastIndexOf(" "), 1)).trimEnd();
}
