/** Chooses among trained pieces by what an encoder makes of them. */

import { Tokenizer } from "@huggingface/tokenizers";
import { CONTINUATION } from "./merges.ts";
import { tokenizerJson } from "./tokenizer_json.ts";

/**
 * The `size` pieces that encoding the words uses most, in the order given; single characters stay in any case, so that
 * every word can still be spelt. Merges leave steps behind that no encoding takes any more ("essent" once there is "essential").
 */
export function mostUsed(pieces: readonly string[], counts: ReadonlyMap<string, number>, size: number): string[] {
  const tokenizer = new Tokenizer(tokenizerJson([], pieces), {});
  const uses = new Map<string, number>();
  for (const [word, count] of counts) {
    for (const piece of tokenizer.tokenize(word)) uses.set(piece, (uses.get(piece) ?? 0) + count);
  }
  const merged = pieces.filter((piece) => !isCharacter(piece));
  const room = size - (pieces.length - merged.length);
  const byUse = merged.toSorted((one, other) => (uses.get(other) ?? 0) - (uses.get(one) ?? 0));
  const kept = new Set(byUse.slice(0, Math.max(0, room)));
  return pieces.filter((piece) => isCharacter(piece) || kept.has(piece));
}

function isCharacter(piece: string): boolean {
  const characters = [...(piece.startsWith(CONTINUATION) ? piece.slice(CONTINUATION.length) : piece)];
  return characters.length <= 1;
}
