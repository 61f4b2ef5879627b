/** Whether the reader asked for things not to move. */
export function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Runs `step` once a frame with how far it is (0 to 1, eased), until it is there or the signal stops it. */
export function animate(milliseconds: number, signal: AbortSignal, step: (share: number) => void): void {
  let start: number | undefined;
  const frame = (now: number) => {
    if (signal.aborted) return;
    start ??= now;
    const share = Math.min(1, (now - start) / milliseconds);
    step(1 - (1 - share) ** 3);
    if (share < 1) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
