import { type DropoutKey, dropoutThreshold } from "../../kernels/dropout/reference.ts";

/**
 * What each of `length` elements is multiplied by, 0 or 1 / (1 - probability): the factors of `dropoutFactors`, to the bit, drawn in
 * half the time, since nothing is allocated for a pair of words. Threefry-2x32 of 20 rounds. Salmon et al., 2011.
 */
export function dropoutMask(length: number, probability: number, { seed, site, step }: DropoutKey): Float32Array {
  const threshold = dropoutThreshold(probability);
  const scale = Math.fround(1 / (1 - probability));
  const mask = new Float32Array(length);
  for (let first = 0; first < length; first += 2) {
    // The key of each group of four rounds follows that of the last in a ring of three.
    let [key, next, last] = [seed | 0, site | 0, 0x1bd11bda ^ seed ^ site];
    let x = (first / 2 + key) | 0;
    let y = (step + next) | 0;
    for (let group = 1; group <= 5; group++) {
      if (group % 2 === 1) {
        x = (x + y) | 0;
        y = ((y << 13) | (y >>> 19)) ^ x;
        x = (x + y) | 0;
        y = ((y << 15) | (y >>> 17)) ^ x;
        x = (x + y) | 0;
        y = ((y << 26) | (y >>> 6)) ^ x;
        x = (x + y) | 0;
        y = ((y << 6) | (y >>> 26)) ^ x;
      } else {
        x = (x + y) | 0;
        y = ((y << 17) | (y >>> 15)) ^ x;
        x = (x + y) | 0;
        y = ((y << 29) | (y >>> 3)) ^ x;
        x = (x + y) | 0;
        y = ((y << 16) | (y >>> 16)) ^ x;
        x = (x + y) | 0;
        y = ((y << 24) | (y >>> 8)) ^ x;
      }
      const before = key;
      key = next;
      next = last;
      last = before;
      x = (x + key) | 0;
      y = (y + next + group) | 0;
    }
    mask[first] = x >>> 0 >= threshold ? scale : 0;
    if (first + 1 < length) mask[first + 1] = y >>> 0 >= threshold ? scale : 0;
  }
  return mask;
}
