import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** A hash of bytes that come in parts. */
export interface RunningHash {
  add(part: Uint8Array): void;
  /** Hexadecimal; nothing is added after. */
  digits(): string;
}

export type HashName = "sha1" | "sha256";

const algorithms = { sha1, sha256 };

/** In JavaScript, for hosts that have nothing faster for bytes in parts. */
export function runningHash(name: HashName): RunningHash {
  const running = algorithms[name].create();
  return { add: (part) => running.update(part), digits: () => bytesToHex(running.digest()) };
}
