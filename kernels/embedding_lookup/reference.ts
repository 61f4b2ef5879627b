/** The oracle, in float64: for each position the sum of the rows that it looks up, in the order of the tables. */
export function embeddingLookupReference(
  lookups: readonly { readonly table: ArrayLike<number>; readonly ids: ArrayLike<number> }[],
  columns: number,
): Float64Array {
  const positions = lookups[0]!.ids.length;
  const result = new Float64Array(positions * columns);
  for (const { table, ids } of lookups) {
    for (let position = 0; position < positions; position++) {
      for (let column = 0; column < columns; column++) {
        result[position * columns + column]! += table[ids[position]! * columns + column]!;
      }
    }
  }
  return result;
}
