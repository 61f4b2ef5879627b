import { currentBackend } from "./setup.ts";

/**
 * Gives back the buffers that the backend keeps for reuse. Work of other shapes reuses none of them, so whoever ends work of one
 * kind, such as a training or a pass over a pool, calls this: what is allocated then does not grow from round to round.
 */
export function releaseFreeBuffers(): void {
  currentBackend()?.releaseFreeBuffers();
}
