/** What a curve's seeds span at a point. */
export type Span = readonly [low: number, high: number];

/** The span at each point that at least two seeds have reached; undefined at the others. */
export function seedBand(curves: readonly (readonly number[])[]): (Span | undefined)[] {
  const length = Math.max(0, ...curves.map((scores) => scores.length));
  return Array.from({ length }, (_, point) => {
    const values = curves.filter((scores) => scores.length > point).map((scores) => scores[point]!);
    return values.length < 2 ? undefined : [Math.min(...values), Math.max(...values)];
  });
}
