import type { Effort } from "./measure.ts";

/** What figures in the documents are taken with. */
export const full: Effort = { budget: 20_000, leastRounds: 7, mostRounds: 25, leastSample: 60 };

/** A tenth of it. */
export const quick: Effort = { budget: 2_000, leastRounds: 1, mostRounds: 5, leastSample: 20 };
