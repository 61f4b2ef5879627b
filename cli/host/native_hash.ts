import { createHash } from "node:crypto";
import type { RunningHash } from "../../src/hash.ts";
import type { HashName } from "../../src/hub/running_hash.ts";

/** By the processor's own instructions, where it has them: ten times as fast as JavaScript. */
export function nativeHash(name: HashName): RunningHash {
  const running = createHash(name);
  return { add: (part) => void running.update(part), digits: () => running.digest("hex") };
}
