/** What `top_k` gives for one row. */
export interface TopK {
  readonly values: number[];
  readonly indices: number[];
}

/**
 * The oracle: the k highest of a row, highest first, of equal ones the lower index first.
 *
 * @throws RangeError where a value is NaN or infinite
 */
export function topKReference(row: ArrayLike<number>, k: number): TopK {
  const values = Array.from(row);
  if (!values.every(Number.isFinite)) throw new RangeError("a value is NaN or infinite");
  const indices = values.map((_, index) => index).sort((a, b) => values[b]! - values[a]! || a - b).slice(0, k);
  return { values: indices.map((index) => values[index]!), indices };
}
