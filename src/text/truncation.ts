/**
 * How many tokens remain of two texts that must have no more than `most` together: the longer one loses first, as in the reference
 * implementation. Of two that are both longer than half, one half is left of each, and what is over goes to the longer.
 */
export function lengthsOfPair(first: number, second: number, most: number): readonly [number, number] {
  if (first + second <= most) return [first, second];
  const half = Math.floor(most / 2);
  const rest = most - half;
  const [shorter, longer] = [Math.min(first, second), Math.max(first, second)];
  const kept: readonly [number, number] = shorter <= half ? [shorter, Math.min(longer, most - shorter)] : [half, rest];
  return first > second ? [kept[1], kept[0]] : kept;
}
