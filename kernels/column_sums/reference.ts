/** The oracle, in float64: the sum of each column of a matrix [rows, columns]. */
export function columnSumsReference(values: ArrayLike<number>, columns: number): number[] {
  const sums = new Array<number>(columns).fill(0);
  for (let index = 0; index < values.length; index++) sums[index % columns]! += values[index]!;
  return sums;
}
