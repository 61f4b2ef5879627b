/** A hand-made mail as bytes: each character is one byte, so `\xe9` is the byte E9. */
export function asBytes(...lines: string[]): Uint8Array {
  return Uint8Array.from(lines.join("\n"), (character) => character.charCodeAt(0));
}

/** The UTF-8 bytes of a text, one character a byte. */
export function utf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
