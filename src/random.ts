import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { hash } from "./hash.ts";

/**
 * Random numbers keyed by what they are for, never by what ran before: the same key gives the same numbers on every host,
 * in every order of events. That is what makes a resumed run continue exactly.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** Standard normal, by the Box-Muller transform. */
  normal(): number;
}

/** Draws for one purpose, such as `random(seed, "warm-start")` or `random(seed, "subsample", round)`. */
export function random(...key: readonly (string | number)[]): Random {
  const digest = hash(JSON.stringify(key), 32);
  const word = (index: number) => Number.parseInt(digest.slice(index * 8, index * 8 + 8), 16) | 0;
  const generator = xoroshiro128plusFromState([word(0), word(1), word(2), word(3)]);
  const bits = () => generator.next() >>> 0;
  const uniform = () => bits() / 4294967296;
  return {
    uniform,
    below(bound) {
      if (!Number.isInteger(bound) || bound < 1) throw new RangeError(`bound ${bound} is not a positive integer`);
      const unbiased = 4294967296 - (4294967296 % bound);
      let drawn = bits();
      while (drawn >= unbiased) drawn = bits();
      return drawn % bound;
    },
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return radius * Math.cos(2 * Math.PI * uniform());
    },
  };
}

/** A shuffled copy: Fisher-Yates. */
export function shuffled<T>(items: readonly T[], from: Random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = from.below(last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/** `count` items without replacement, in random order; all of them where there are fewer. */
export function sample<T>(items: readonly T[], count: number, from: Random): T[] {
  return shuffled(items, from).slice(0, count);
}
