/** The oracle, in float64: adds the upstream gradient of each position to the row of the table that it looked up. */
export function embeddingGradientReference(
  ids: ArrayLike<number>,
  upstream: ArrayLike<number>,
  tableRows: number,
  columns: number,
  ignoredId?: number,
): Float64Array {
  const gradient = new Float64Array(tableRows * columns);
  for (let position = 0; position < ids.length; position++) {
    const row = ids[position]!;
    if (row === ignoredId) continue;
    for (let column = 0; column < columns; column++) {
      gradient[row * columns + column]! += upstream[position * columns + column]!;
    }
  }
  return gradient;
}
