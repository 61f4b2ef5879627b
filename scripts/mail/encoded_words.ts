/** Encoded words in headers (RFC 2047), and the bare 8-bit bytes that some senders put there instead. */

import { decodeCharset } from "./charset.ts";
import { decodeBase64, decodeQuotedPrintable } from "./transfer.ts";

/** charset, an optional language (RFC 2231), B or Q, payload; the payload of sloppy senders holds spaces. */
const WORD = /=\?([^?*\s]+)(?:\*[^?]*)?\?([BQ])\?([^?]*)\?=/gi;

interface Word {
  readonly charset: string;
  bytes: string;
}

/** The text of a header's value. `hint` is the charset of bare 8-bit bytes, where the mail names one. */
export function decodeHeader(value: string, hint?: string): string {
  let result = "";
  let pending: Word | undefined;
  let end = 0;
  const flush = () => {
    if (pending) result += decodeCharset(pending.bytes, pending.charset, hint);
    pending = undefined;
  };
  for (const match of value.matchAll(WORD)) {
    const between = value.slice(end, match.index);
    const charset = match[1]!.toLowerCase();
    const bytes = decodeWord(match[2]!, match[3]!);
    end = match.index + match[0].length;
    const adjacent = pending !== undefined && between.trim() === "";
    // Neighbours in one charset are joined as bytes, for a character of several bytes may be cut between them; but not in
    // the charsets of ISO 2022, where each word begins and ends in ASCII.
    if (adjacent && pending!.charset === charset && !charset.startsWith("iso-2022")) {
      pending!.bytes += bytes;
      continue;
    }
    flush();
    if (!adjacent) result += decodeCharset(between, undefined, hint);
    pending = { charset, bytes };
  }
  flush();
  return result + decodeCharset(value.slice(end), undefined, hint);
}

function decodeWord(encoding: string, payload: string): string {
  return encoding.toUpperCase() === "B" ? decodeBase64(payload) : decodeQuotedPrintable(payload.replaceAll("_", " "));
}
