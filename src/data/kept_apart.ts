/**
 * The test part with ids that training does not have. Published data sets often count each part from 0.
 *
 * @param test of ids that are unique among themselves
 */
export function keptApart<T extends { readonly id: string }>(
  train: readonly { readonly id: string }[],
  test: readonly T[],
): readonly T[] {
  const trained = new Set(train.map(({ id }) => id));
  if (!test.some(({ id }) => trained.has(id))) return test;
  const marked = test.map((example) => ({ ...example, id: `test-${example.id}` }));
  return marked.some(({ id }) => trained.has(id)) ? test : marked;
}
