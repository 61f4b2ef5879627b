/** One of several ways to the same result, or a yardstick beside them. */
export interface Side {
  readonly name: string;
  /** Does the work `times` times over and waits for the end of it. */
  run(times: number): Promise<void>;
  /** Touches all that a sample will touch, off the clock: between samples a system may have put unused memory aside. */
  warm?(): Promise<void>;
  /** What a sample of this side costs when there is nothing to do, where that is not what the others' cost: on a device of its own. */
  readonly empty?: Side;
}

/** How much measuring is done; all in milliseconds. */
export interface Effort {
  /** What the rounds of one comparison may take, roughly. */
  readonly budget: number;
  readonly leastRounds: number;
  readonly mostRounds: number;
  /** Work that takes less is repeated within a sample: a short one says more of the clock and of the queue than of the work. */
  readonly leastSample: number;
}

/** What a side took, in milliseconds for one time. */
export interface Timing {
  readonly name: string;
  readonly median: number;
}

export interface Comparison {
  readonly timings: readonly Timing[];
  /** The median of what a sample costs when there is nothing to do, which is off every timing, but for sides with an empty of their own. */
  readonly empty: number;
  readonly rounds: number;
}

const MOST_REPEATS = 256;

/**
 * Times sides against each other: each is warmed up, then they take turns, round by round, so that whatever the machine does
 * besides meets all of them alike; medians over the rounds.
 *
 * @param empty what a sample costs when there is nothing to do; it takes its turn with the others
 */
export async function compare(
  sides: readonly Side[],
  empty: Side,
  { budget, leastRounds, mostRounds, leastSample }: Effort,
  now: () => number,
): Promise<Comparison> {
  const time = async (side: Side, times: number) => {
    await side.warm?.();
    const began = now();
    await side.run(times);
    return now() - began;
  };
  const emptyOf = (side: Side) => side.empty ?? empty;
  const empties = [...new Set([empty, ...sides.map(emptyOf)])];
  const fixed = new Map<Side, number>();
  for (const each of empties) {
    await each.run(1);
    fixed.set(each, await time(each, 1));
  }
  const repeats: number[] = [];
  let round = [...fixed.values()].reduce((sum, cost) => sum + cost, 0);
  for (const side of sides) {
    const ownFixed = fixed.get(emptyOf(side))!;
    await side.run(1);
    const once = Math.max(await time(side, 1) - ownFixed, 0.01);
    const times = Math.max(1, Math.min(MOST_REPEATS, Math.ceil(leastSample / once)));
    repeats.push(times);
    round += ownFixed + once * times;
  }
  const rounds = Math.max(leastRounds, Math.min(mostRounds, Math.floor(budget / round)));
  const samples: number[][] = sides.map(() => []);
  const nothing = new Map<Side, number[]>(empties.map((each) => [each, []]));
  for (let count = 0; count < rounds; count++) {
    for (const [each, costs] of nothing) costs.push(await time(each, 1));
    for (const [index, side] of sides.entries()) samples[index]!.push(await time(side, repeats[index]!));
  }
  const costOf = (each: Side) => median(nothing.get(each)!);
  return {
    // What is not above the cost of doing nothing cannot be told from it: a microsecond stands for that.
    timings: sides.map((side, index) => ({
      name: side.name,
      median: Math.max(0.001, (median(samples[index]!) - costOf(emptyOf(side))) / repeats[index]!),
    })),
    empty: costOf(empty),
    rounds,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
