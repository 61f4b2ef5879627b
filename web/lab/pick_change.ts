import type { RoundView } from "../engine/api.ts";

/** How many picks two strategies share in a round; undefined where they are the same strategy, or one's are not known. */
export function pickChange(
  { picks }: RoundView,
  from: string,
  to: string,
): { readonly same: number; readonly of: number } | undefined {
  const [before, now] = [picks[from], picks[to]];
  if (from === to || !before || !now) return undefined;
  const earlier = new Set(before);
  return { same: now.filter((place) => earlier.has(place)).length, of: now.length };
}
