import { InputError } from "../errors.ts";
import type { Curve } from "./curve.ts";
import { compareSeeds } from "./curve_order.ts";
import { listed } from "./number_text.ts";

/** The curves of one arm of a group, by seed. */
export type Arm = ReadonlyMap<string, readonly number[]>;

/** Arms over the seeds and the rounds that they share: what may be compared. */
export interface Paired {
  readonly seeds: readonly string[];
  readonly points: number;
  /** [arm][seed][round], arms in the order given. */
  readonly scores: readonly (readonly (readonly number[])[])[];
  readonly notices: readonly string[];
}

/** @throws InputError where two different curves claim to be the same run */
export function armOf(curves: readonly Curve[]): Arm {
  const arm = new Map<string, readonly number[]>();
  for (const curve of curves) {
    const other = arm.get(curve.seed);
    if (other && !sameScores(other, curve.scores)) {
      const what = [curve.dataset, `${curve.acquisition} for ${curve.successor}`, curve.strategy, curve.metric];
      throw new InputError(
        `two different curves of ${
          what.filter(Boolean).join(", ")
        }, seed ${curve.seed}: cannot tell which to compare. ` +
          `Expected one; runs that differ otherwise belong in files of their own`,
      );
    }
    arm.set(curve.seed, curve.scores);
  }
  return arm;
}

interface NamedArm {
  /** What a notice calls it. */
  readonly name: string;
  readonly arm: Arm;
}

/**
 * What some arms have in common, since comparing 16 rounds of one arm with 9 of another would say nothing. A seed that only
 * some of them have is left out; so is one that some have not finished, as long as another seed is finished by all. Where none
 * is, curves are cut to the shortest. Each of these is said in a notice.
 *
 * @returns undefined where no seed is common to all
 */
export function pair(named: readonly NamedArm[]): Paired | undefined {
  const every = [...new Set(named.flatMap(({ arm }) => [...arm.keys()]))].sort(compareSeeds);
  const common = every.filter((seed) => named.every(({ arm }) => arm.has(seed)));
  if (common.length === 0) return undefined;
  const most = Math.max(...lengths(named, common));
  const finished = common.filter((seed) => lengths(named, [seed]).every((length) => length === most));
  const seeds = finished.length > 0 ? finished : common;
  const points = Math.min(...lengths(named, seeds));
  const scores = named.map(({ arm }) => seeds.map((seed) => arm.get(seed)!.slice(0, points)));
  const notices = [
    ...leftOut(every, common, `not all of ${named.map(({ name }) => name).join(", ")} have`),
    ...leftOut(common, seeds, `${listed(unfinished(named, common, most))} did not finish`),
    ...(points < most
      ? [
        `only the first ${points} of ${most} points are compared: ${
          listed(unfinished(named, seeds, most))
        } has no more yet`,
      ]
      : []),
  ];
  return { seeds, points, scores, notices };
}

function lengths(named: readonly NamedArm[], seeds: readonly string[]): number[] {
  return named.flatMap(({ arm }) => seeds.map((seed) => arm.get(seed)!.length));
}

function unfinished(named: readonly NamedArm[], seeds: readonly string[], most: number): string[] {
  return named.filter((each) => lengths([each], seeds).some((length) => length < most)).map(({ name }) => name);
}

function leftOut(all: readonly string[], kept: readonly string[], why: string): string[] {
  const without = all.filter((seed) => !kept.includes(seed));
  return without.length === 0 ? [] : [`${seedList(without)} left out: ${why} ${without.length > 1 ? "them" : "it"}`];
}

/** "seed 3", "seeds 0-4, 7". */
export function seedList(seeds: readonly string[]): string {
  return `${seeds.length === 1 ? "seed" : "seeds"} ${seedRanges(seeds)}`;
}

/** "0-4, 7": three or more in a row as a range. */
export function seedRanges(seeds: readonly string[]): string {
  const ranges: string[][] = [];
  for (const seed of seeds) {
    const last = ranges.at(-1);
    const follows = last && /^\d+$/.test(seed) && Number(last.at(-1)) + 1 === Number(seed);
    if (follows) last.push(seed);
    else ranges.push([seed]);
  }
  return ranges.flatMap((range) => (range.length > 2 ? [`${range[0]}-${range.at(-1)}`] : range)).join(", ");
}

function sameScores(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((score, round) => score === b[round]);
}
