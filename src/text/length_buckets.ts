/** Batches of texts of like length: a batch is as wide as its longest text, so what is shorter is computed for nothing. */

/**
 * Batches for training, from items in random order. Within each window of `window` batches the items are sorted by length
 * and cut; the batches then follow in the order of their earliest item, so that lengths do not rise and fall with the steps.
 * Every item comes once; only the last window has a batch that is not full. The order given decides the result.
 */
export function trainingBatches<T>(
  items: readonly T[],
  lengthOf: (item: T) => number,
  batchSize: number,
  window = 8,
): T[][] {
  requireSize(batchSize);
  const placed = items.map((item, place) => ({ item, place, length: lengthOf(item) }));
  return cut(placed, batchSize * window).flatMap((part) => {
    const byLength = part.sort((a, b) => a.length - b.length || a.place - b.place);
    const batches = cut(byLength, batchSize).map((batch) => batch.sort((a, b) => a.place - b.place));
    return batches.sort((a, b) => a[0]!.place - b[0]!.place).map((batch) => batch.map(({ item }) => item));
  });
}

/** Batches for evaluating and scoring: by length, then by id. The same items give the same batches in whatever order they come. */
export function evaluationBatches<T extends { readonly id: string }>(
  items: readonly T[],
  lengthOf: (item: T) => number,
  batchSize: number,
): T[][] {
  requireSize(batchSize);
  const measured = items.map((item) => ({ item, length: lengthOf(item) }));
  measured.sort((a, b) => a.length - b.length || (a.item.id < b.item.id ? -1 : a.item.id > b.item.id ? 1 : 0));
  return cut(measured.map(({ item }) => item), batchSize);
}

function requireSize(batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`no batch has ${batchSize} items`);
}

function cut<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, part) => items.slice(part * size, (part + 1) * size),
  );
}
