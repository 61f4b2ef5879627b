import { currentBackend } from "./setup.ts";

/**
 * Gives back the buffers that the backend keeps for reuse. Work of other shapes reuses none of them, so whoever ends work of one
 * kind, such as a training or a pass over a pool, calls this: what is allocated then does not grow from round to round.
 */
export function releaseFreeBuffers(): void {
  currentBackend()?.releaseFreeBuffers();
}

/** Runs some work; beside its result the most bytes of GPU buffers that were held meanwhile, undefined where the tensors are not on a GPU. */
export async function withPeakBytes<T>(work: () => Promise<T>): Promise<[T, number | undefined]> {
  const backend = currentBackend();
  backend?.resetPeakBytes();
  const result = await work();
  return [result, backend?.peakBytes];
}
