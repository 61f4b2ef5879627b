import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { hashInParts, type RunningHash } from "../hash.ts";

/** The hashes by which a hub names files. */
export type HashName = "sha1" | "sha256";

/** In JavaScript, for hosts that have nothing faster for bytes in parts. */
export function runningHash(name: HashName): RunningHash {
  if (name === "sha256") return hashInParts();
  const running = sha1.create();
  return { add: (part) => running.update(part), digits: () => bytesToHex(running.digest()) };
}
