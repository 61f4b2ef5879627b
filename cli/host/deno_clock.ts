import type { Clock } from "../../src/host.ts";

/** The process's monotonic clock, and the computer's date. */
export const denoClock: Clock = {
  now: () => performance.now(),
  date: () => new Date().toISOString(),
};
