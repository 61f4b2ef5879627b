/**
 * Bytes as a text with one character a byte (U+0000 to U+00FF). MIME is defined on bytes, and its lines, headers and boundaries
 * are easiest to find in such a text; no charset is assumed until a part's own is known.
 */

const CHUNK = 8192;

export function toByteText(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return text;
}

export function fromByteText(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
