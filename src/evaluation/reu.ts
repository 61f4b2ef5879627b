/** The three areas that REU compares. */
export interface Areas {
  readonly random: number;
  readonly self: number;
  readonly asm: number;
}

/**
 * REUsability of what another model picked (thesis 3.2, after Tomanek and Morik 2011):
 * (AULC(ASM) - AULC(random)) / (AULC(self) - AULC(random)) - 1. 0: as good as the successor's own picks; -1: no better than
 * random ones. Its sign means nothing where self-selection does not beat random; see `verdict`.
 *
 * @returns null where the denominator is 0
 */
export function reu({ random, self, asm }: Areas): number | null {
  const gain = difference(self, random);
  if (gain === 0) return null;
  // Exactly 0 for equal areas: a sum in another order must not turn "as good as" into "not as good as".
  return difference(asm, self) === 0 ? 0 : difference(asm, random) / gain - 1;
}

/** a - b, and 0 where the two differ by no more than the rounding of their sums. */
export function difference(a: number, b: number): number {
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? 0 : a - b;
}
