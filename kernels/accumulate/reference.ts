/** The oracle, in float64: adds each addend to the elements of `sum` from its place on. */
export function accumulateReference(
  sum: ArrayLike<number>,
  addends: readonly { readonly at: number; readonly values: ArrayLike<number> }[],
): Float64Array {
  const result = Float64Array.from(sum);
  for (const { at, values } of addends) {
    for (let index = 0; index < values.length; index++) result[at + index]! += values[index]!;
  }
  return result;
}
