import type { RoundView } from "../../../web/engine/api.ts";

/** Numbers in [0, 1) that are the same every time. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32;
}

/** A pool of two classes, its picks by entropy and at random, and every fiftieth example labelled. */
export function madeUpPool(count: number, round: number): RoundView {
  const random = randomNumbers(7);
  const x = Float32Array.from({ length: count }, () => random() * 2 - 1);
  const y = Float32Array.from({ length: count }, () => random() * 2 - 1);
  const angle = round * 0.2;
  const turned = x.map((each, index) => (each * Math.cos(angle) - y[index]! * Math.sin(angle)) / Math.SQRT2);
  const likely = x.map((each) => 1 / (1 + Math.exp(-4 * each)));
  const entropy = likely.map((p) => -p * Math.log(p) - (1 - p) * Math.log(1 - p));
  const labelled = Uint8Array.from({ length: count }, (_, index) => index % 50 === 0 ? 1 : 0);
  const pool = Array.from(x.keys()).filter((index) => !labelled[index]);
  return {
    round,
    ids: Array.from(x.keys(), (index) => `mail-${index}`),
    x: turned,
    y,
    entropy,
    margin: likely.map((p) => Math.abs(2 * p - 1)),
    leastConfidence: likely.map((p) => Math.min(p, 1 - p)),
    labelled,
    picks: {
      entropy: pool.toSorted((a, b) => entropy[b]! - entropy[a]!).slice(0, 20),
      random: pool.slice(0, 20),
    },
  };
}
