/** A row is cut into parts until there are this many threads in all, which fills a large GPU, and while the parts stay long. */
const ENOUGH_THREADS = 65536;
const LEAST_PART_COLUMNS = 64;

/** States that one thread merges. More would be a long chain of dependent reads, fewer another pass. */
export const FAN_IN = 32;

/** Into how many parts rows of this many columns are cut, a thread each. */
export function partsOf(rows: number, columns: number): number {
  return Math.max(1, Math.min(Math.ceil(ENOUGH_THREADS / rows), Math.floor(columns / LEAST_PART_COLUMNS)));
}

/** One pass that merges the states of each row, {@link FAN_IN} in a thread. */
export interface MergePass {
  /** States of a row before. */
  readonly states: number;
  /** And after. */
  readonly results: number;
  /** 0 or 1: which of two buffers is read; the other is written. The parts themselves are in 0. */
  readonly from: 0 | 1;
}

/** The passes after which a row has one state; always at least one, since what it writes may differ from what parts are. */
export function mergePasses(parts: number): MergePass[] {
  const passes: MergePass[] = [];
  let states = parts;
  do {
    const results = Math.ceil(states / FAN_IN);
    passes.push({ states, results, from: passes.length % 2 === 0 ? 0 : 1 });
    states = results;
  } while (states > 1);
  return passes;
}
