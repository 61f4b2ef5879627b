import type { Subsampler } from "./subsampler.ts";

/** Scores the whole pool. */
export const none: Subsampler = {
  name: "none",
  candidates: ({ pool }) => pool,
  expectedSize: (poolSize) => poolSize,
};
