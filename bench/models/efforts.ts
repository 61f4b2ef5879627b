import type { Effort } from "../measure.ts";

/** What figures in the documents are taken with. The largest model takes minutes a step on a software adapter, so one round must do. */
export const full: Effort = { budget: 40_000, leastRounds: 1, mostRounds: 15, leastSample: 60 };

/** A tenth of it. */
export const quick: Effort = { budget: 4_000, leastRounds: 1, mostRounds: 3, leastSample: 20 };
