import type { Clock } from "../../src/host.ts";

/** The browser's clock, of the page and of its Worker alike. */
export const pageClock: Clock = {
  now: () => performance.now(),
  date: () => new Date().toISOString(),
};
