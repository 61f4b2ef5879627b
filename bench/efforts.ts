import type { Effort } from "./measure.ts";

/** What figures in the documents are taken with. */
export const full: Effort = { budget: 10_000, leastRounds: 5, mostRounds: 25, leastSample: 60 };

/** A tenth of it. */
export const quick: Effort = { budget: 1_000, leastRounds: 1, mostRounds: 3, leastSample: 20 };
