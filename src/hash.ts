import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The first `digits` hexadecimal digits of the SHA-256 of a text (UTF-8) or of bytes. */
export function hash(data: string | Uint8Array, digits = 64): string {
  return bytesToHex(sha256(typeof data === "string" ? utf8ToBytes(data) : data)).slice(0, digits);
}

/** A hash of bytes that come in parts. */
export interface RunningHash {
  add(part: Uint8Array): void;
  /** Hexadecimal, all of them; nothing is added after. */
  digits(): string;
}

/** SHA-256 of bytes that come in parts. */
export function hashInParts(): RunningHash {
  const running = sha256.create();
  return { add: (part) => running.update(part), digits: () => bytesToHex(running.digest()) };
}

/** JSON with object keys sorted at every depth, so that equal values give equal text. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member) => {
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
