import { InputError } from "../errors.ts";
import { type Arm, armOf, pair, type Paired } from "./arms.ts";
import { aulc } from "./aulc.ts";
import { type Interval, percentileInterval, resampledMeans } from "./bootstrap.ts";
import type { Curve } from "./curve.ts";
import { compareCurves } from "./curve_order.ts";
import { relationWord } from "./relation.ts";
import { difference, reu } from "./reu.ts";
import type { Contrast, ReuGroup, ReuRow, SelfSelection } from "./reu_row.ts";
import { verdict } from "./verdict.ts";

/**
 * Every group of some curves: for each data set, successor, strategy and metric, how each other acquisition model compares
 * with random and self-selection. Random curves serve every strategy of their successor. Runs are paired by seed.
 *
 * @throws InputError where two different curves claim to be the same run
 */
export function reuGroups(curves: readonly Curve[]): ReuGroup[] {
  const sorted = [...curves].sort(compareCurves);
  const groups = Map.groupBy(
    sorted.filter((curve) => curve.strategy !== "random"),
    ({ dataset, successor, strategy, metric }) => JSON.stringify([dataset, successor, strategy, metric]),
  );
  return [...groups.values()].map((members) => {
    const { dataset, successor, metric } = members[0]!;
    const random = sorted.filter((curve) =>
      curve.strategy === "random" && curve.dataset === dataset && curve.successor === successor &&
      curve.metric === metric
    );
    return reuGroup(members, random);
  });
}

/**
 * The rows of every group, as `reu --json` prints them.
 *
 * @throws InputError where no group has one, saying what is missing
 */
export function reuRows(groups: readonly ReuGroup[]): ReuRow[] {
  const rows = groups.flatMap((group) => group.rows);
  if (rows.length > 0) return rows;
  const reasons = groups.flatMap((group) => group.notices.map((notice) => `${groupName(group)}: ${notice}`));
  throw new InputError(
    `no REU can be computed. It needs, for one successor, curves of random, self-selection and another acquisition model` +
      (reasons.length > 0 ? `. ${reasons[0]}` : ""),
  );
}

/** "trec, BERT, lc, accuracy". */
export function groupName({ dataset, successor, strategy, metric }: ReuGroup): string {
  return [dataset, successor, strategy, metric].filter(Boolean).join(", ");
}

function reuGroup(members: readonly Curve[], randomCurves: readonly Curve[]): ReuGroup {
  const { dataset, successor, strategy, metric } = members[0]!;
  const random = armOf(randomCurves);
  const self = armOf(members.filter((curve) => curve.al_type === "one"));
  const others = [
    ...Map.groupBy(members.filter((curve) => curve.al_type === "asm"), (curve) => curve.acquisition).values(),
  ]
    .map((of) => ({ curve: of[0]!, relation: relationOfAll(of), arm: armOf(of) }));

  const notices: string[] = [];
  if (random.size === 0) notices.push("no curve of random picking (strategy random) for this successor");
  if (self.size === 0) notices.push("no curve of self-selection (al_type one) with this strategy");
  if (others.length === 0) notices.push("no curve of another acquisition model (al_type asm)");

  const rows: ReuRow[] = [];
  const usable = random.size > 0 && self.size > 0;
  for (const { curve, relation, arm } of usable ? others : []) {
    const named = [{ name: "random", arm: random }, { name: "self", arm: self }, { name: curve.acquisition, arm }];
    const paired = pair(named);
    if (!paired) {
      notices.push(`${curve.acquisition}: no seed is common to random, self and this model`);
      continue;
    }
    notices.push(...paired.notices.map((notice) => `${curve.acquisition}: ${notice}`));
    rows.push(reuRow({ dataset, successor, acquisition: curve.acquisition, strategy, metric, relation }, paired));
  }
  if (rows.length > 0) notices.push(...seedNotices(rows));

  const baselines = usable ? pair([{ name: "random", arm: random }, { name: "self", arm: self }]) : undefined;
  return {
    dataset,
    successor,
    strategy,
    metric,
    rows,
    selfSelection: baselines ? selfSelection(baselines) : null,
    contrasts: contrasts(others),
    notices: [...new Set(notices)],
  };
}

/** What few seeds do to an interval, said once a group. */
function seedNotices(rows: readonly ReuRow[]): string[] {
  const least = Math.min(...rows.map((row) => row.seeds.length));
  if (least < 2) {
    const only = rows.every((row) => row.seeds.join() === "mean") ? "only means over seeds are given" : "one seed";
    return [`${only}: no interval can be given, so chance cannot be told from effect`];
  }
  return least < 5
    ? [`with ${least} seeds an interval is rough, and rather too narrow; 5 or more make it dependable`]
    : [];
}

function relationOfAll(curves: readonly Curve[]): ReuRow["relation"] {
  const relations = new Set(curves.map((curve) => curve.relation ?? null));
  if (relations.size <= 1) return curves[0]?.relation ?? null;
  const { acquisition, successor } = curves[0]!;
  throw new InputError(
    `${acquisition} for ${successor} has more than one relation: ${
      [...relations].map(relationWord).join(", ")
    }. Expected one`,
  );
}

type Name = Pick<ReuRow, "dataset" | "successor" | "acquisition" | "strategy" | "metric" | "relation">;

function reuRow(name: Name, { seeds, points, scores }: Paired): ReuRow {
  const [random, self, asm] = scores.map(aulc) as [number, number, number];
  const selfMinusRandom = difference(self, random);
  const bootstrap = bootstrapRow(scores);
  const value = reu({ random, self, asm });
  const reuInterval = selfMinusRandom > 0 ? bootstrap.reu : null;
  return {
    ...name,
    seeds,
    points,
    aulc_random: random,
    aulc_self: self,
    aulc_asm: asm,
    self_minus_random: selfMinusRandom,
    self_minus_random_interval: bootstrap.selfMinusRandom,
    asm_minus_random: difference(asm, random),
    asm_minus_random_interval: bootstrap.asmMinusRandom,
    asm_minus_self: difference(asm, self),
    asm_minus_self_interval: bootstrap.asmMinusSelf,
    reu: value,
    reu_interval: reuInterval,
    verdict: verdict({
      reu: value,
      reuInterval,
      selfMinusRandom,
      selfMinusRandomInterval: bootstrap.selfMinusRandom,
    }),
    resamples: bootstrap.resamples,
    resamples_undefined: bootstrap.undefined,
  };
}

function bootstrapRow(scores: Paired["scores"]) {
  const means = resampledMeans(scores.map(areaOfEachSeed));
  if (!means) {
    return { selfMinusRandom: null, asmMinusRandom: null, asmMinusSelf: null, reu: null, resamples: 0, undefined: 0 };
  }
  const [random, self, asm] = means as [Float64Array, Float64Array, Float64Array];
  const ratios = random.map((_, index) => {
    const areas = { random: random[index]!, self: self[index]!, asm: asm[index]! };
    return difference(areas.self, areas.random) > 0 ? reu(areas)! : Number.NaN;
  });
  const defined = ratios.filter((ratio) => !Number.isNaN(ratio));
  return {
    selfMinusRandom: differenceInterval(self, random),
    asmMinusRandom: differenceInterval(asm, random),
    asmMinusSelf: differenceInterval(asm, self),
    reu: percentileInterval(defined),
    resamples: ratios.length,
    undefined: ratios.length - defined.length,
  };
}

/** AULC of each seed by itself: their mean is the AULC of all, so seeds can be drawn again without the curves. */
function areaOfEachSeed(curves: readonly (readonly number[])[]): number[] {
  return curves.map((scores) => aulc([scores]));
}

function differenceInterval(a: Float64Array, b: Float64Array): Interval | null {
  return percentileInterval(a.map((value, index) => difference(value, b[index]!)));
}

function selfSelection({ seeds, points, scores }: Paired): SelfSelection {
  const [random, self] = scores.map(aulc) as [number, number];
  const means = resampledMeans(scores.map(areaOfEachSeed));
  return {
    seeds,
    points,
    aulc_random: random,
    aulc_self: self,
    self_minus_random: difference(self, random),
    self_minus_random_interval: means && differenceInterval(means[1]!, means[0]!),
  };
}

interface OtherArm {
  readonly curve: Curve;
  readonly relation: ReuRow["relation"];
  readonly arm: Arm;
}

function contrasts(arms: readonly OtherArm[]): Contrast[] {
  const found: Contrast[] = [];
  for (const distilled of arms.filter(({ relation }) => relation === "distilled")) {
    for (const mismatched of arms.filter(({ relation }) => relation === "mismatched")) {
      const paired = pair([{ name: "", arm: distilled.arm }, { name: "", arm: mismatched.arm }]);
      if (!paired) continue;
      const [a, b] = paired.scores.map(aulc) as [number, number];
      const means = resampledMeans(paired.scores.map(areaOfEachSeed));
      found.push({
        distilled: distilled.curve.acquisition,
        mismatched: mismatched.curve.acquisition,
        seeds: paired.seeds,
        points: paired.points,
        distilled_minus_mismatched: difference(a, b),
        distilled_minus_mismatched_interval: means && differenceInterval(means[0]!, means[1]!),
      });
    }
  }
  return found;
}
