/** What a dropout mask depends on, and nothing else. All are unsigned 32-bit integers. */
export interface DropoutKey {
  readonly seed: number;
  /** Which dropout of the model this is. */
  readonly site: number;
  readonly step: number;
}

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** Threefry-2x32 with 20 rounds: two random words from a key and a counter of two words. Salmon et al., 2011. */
export function threefry(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const keys = [key[0], key[1], 0x1bd11bda ^ key[0] ^ key[1]];
  let x = (counter[0] + keys[0]!) >>> 0;
  let y = (counter[1] + keys[1]!) >>> 0;
  for (let round = 0; round < 20; round++) {
    const bits = ROTATIONS[round % 8]!;
    x = (x + y) >>> 0;
    y = (((y << bits) | (y >>> (32 - bits))) ^ x) >>> 0;
    if (round % 4 === 3) {
      const injection = Math.floor(round / 4) + 1;
      x = (x + keys[injection % 3]!) >>> 0;
      y = (y + keys[(injection + 1) % 3]! + injection) >>> 0;
    }
  }
  return [x, y];
}

/** The word below which an element is dropped: p * 2^32, rounded. */
export function dropoutThreshold(probability: number): number {
  return Math.min(0xffffffff, Math.round(probability * 4294967296));
}

/** The oracle: the factor of each element, 0 or 1/(1-p). */
export function dropoutFactors(length: number, probability: number, key: DropoutKey): Float32Array {
  const threshold = dropoutThreshold(probability);
  const scale = Math.fround(1 / (1 - probability));
  const factors = new Float32Array(length);
  for (let first = 0; first < length; first += 2) {
    const words = threefry([key.seed >>> 0, key.site >>> 0], [first / 2, key.step >>> 0]);
    factors[first] = words[0] >= threshold ? scale : 0;
    if (first + 1 < length) factors[first + 1] = words[1] >= threshold ? scale : 0;
  }
  return factors;
}
