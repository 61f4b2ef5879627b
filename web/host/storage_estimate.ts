/** How much this page may keep, in bytes, as the browser estimates it. */
export interface StorageEstimateOfPage {
  readonly used: number;
  readonly allowed: number;
  /** Whether the browser promises to keep it until the person clears it; else it may go when the disk is full. */
  readonly kept: boolean;
}

export async function storageEstimate(storage: StorageManager = navigator.storage): Promise<StorageEstimateOfPage> {
  const [{ usage = 0, quota = 0 }, kept] = await Promise.all([storage.estimate(), storage.persisted()]);
  return { used: usage, allowed: quota, kept };
}
