/** Does `work`; where that fails, as when storage is full, what it has begun is undone, and the failure told. */
export async function allOrNothing(work: () => Promise<void>, undo: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    await undo().catch(() => {});
    throw thrown;
  }
}
