import type { Effort } from "../measure.ts";

/** What figures in the documents are taken with. */
export const full: Effort = { budget: 8_000, leastRounds: 3, mostRounds: 25, leastSample: 60 };

/** A tenth of it, as far as it goes: of fewer rounds than three the median says little. */
export const quick: Effort = { budget: 800, leastRounds: 3, mostRounds: 5, leastSample: 20 };
