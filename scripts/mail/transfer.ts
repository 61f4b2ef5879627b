/** Content transfer encodings (RFC 2045, section 6), on byte texts. What is damaged is decoded as far as it goes. */

import { Buffer } from "node:buffer";

/** Undoes the encoding that a header names; 7bit, 8bit, binary and unknown names leave the text as it is. */
export function decodeTransfer(body: string, encoding: string): string {
  const name = encoding.trim().toLowerCase();
  if (name === "base64") return decodeBase64(body);
  if (name === "quoted-printable" || looksQuotedPrintable(body)) return decodeQuotedPrintable(body);
  return body;
}

/** Lists append their footers as they are below an encoded body, so the encoding ends with the first line that isn't base64. */
export function decodeBase64(text: string): string {
  const encoded = /^(?:[A-Za-z0-9+/]+={0,2}[ \t]*(?:\r?\n|$)|[ \t]*\r?\n)*/.exec(text.trimStart())![0];
  return Buffer.from(encoded, "base64").toString("latin1") + text.trimStart().slice(encoded.length);
}

export function decodeQuotedPrintable(text: string): string {
  return text
    .replace(/[ \t]+$/gm, "")
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-Fa-f]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Many senders forgot the header. An escaped equals sign together with soft line breaks hardly occurs otherwise. */
function looksQuotedPrintable(body: string): boolean {
  return (body.match(/=3D/gi)?.length ?? 0) >= 2 && (body.match(/=(20)?\r?$/gm)?.length ?? 0) >= 2;
}
