/** A point of a curve on its way: `at` is its round, and lies between two rounds at the tip of a curve that grows. */
export interface TracedPoint {
  readonly at: number;
  readonly score: number;
}

/** The curve drawn as far as `reached`, a round or a place between two. */
export function traced(scores: readonly number[], reached: number): TracedPoint[] {
  const whole = scores.map((score, at) => ({ at, score })).filter(({ at }) => at <= reached);
  const before = Math.floor(reached);
  const next = scores[before + 1];
  if (before === reached || next === undefined || before < 0) return whole;
  const score = scores[before]!;
  return [...whole, { at: reached, score: score + (next - score) * (reached - before) }];
}

/** Whether a curve is the beginning of another, or all of it. */
export function begins(before: readonly number[], now: readonly number[]): boolean {
  return before.every((score, at) => score === now[at]);
}
