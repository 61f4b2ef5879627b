import { canonicalJson } from "../../src/hash.ts";
import type { Curve } from "../../src/evaluation/curve.ts";
import { reuGroups } from "../../src/evaluation/reu_groups.ts";
import type { ReuGroup } from "../../src/evaluation/reu_row.ts";
import type { PlanRecord } from "../../src/experiment/records.ts";
import { readPlan } from "../../src/experiment/run_directory.ts";
import { below, type Files } from "../../src/host.ts";

/** A plan, and the hashes of its data. */
type PlanOnData = Pick<PlanRecord, "experiments" | "data">;

/**
 * The curves of the other seeds: of this plan, and of plans on the same data that differ from it in their seeds only, one a seed whatever
 * computer ran it. What cannot be read is left out: it is shown elsewhere.
 */
export async function curvesOfOtherSeeds(root: Files, own: PlanOnData, seed: number): Promise<Curve[]> {
  const wanted = withoutSeeds(own);
  const curves = new Map<string, Curve>();
  for (const name of await root.list("runs")) {
    const files = below(root, `runs/${name}`);
    try {
      const plan = await readPlan(files);
      if (!plan || withoutSeeds(plan) !== wanted) continue;
      // Its parser is large, and most visits need none of it.
      const { readCurves } = await import("../../src/report/read_run.ts");
      for (const curve of await readCurves(files)) {
        const key = canonicalJson([curve.seed, curve.strategy, curve.acquisition]);
        const known = curves.get(key)?.scores.length ?? 0;
        if (curve.seed !== String(seed) && curve.scores.length > known) curves.set(key, curve);
      }
    } catch {
      // Another run's files are not what they should be: that run says so when it is opened.
    }
  }
  return [...curves.values()];
}

function withoutSeeds({ experiments, data }: PlanOnData): string {
  return canonicalJson([experiments.map((config) => ({ ...config, seeds: [] })), data]);
}

/** Whether a curve is one of an experiment's. */
export function isCurveOf(config: PlanRecord["experiments"][number], curve: Curve): boolean {
  return curve.strategy === config.al.strategy && curve.acquisition === config.acquisition_model.name &&
    curve.successor === config.successor_model.name && curve.metric === config.metric;
}

/**
 * REU as far as curves have come: over the rounds that all of this seed's arms have, with every other seed that has come as far.
 * Undefined until random, self-selection and another acquisition model have two points.
 */
export function reuSoFar(own: readonly Curve[], others: readonly Curve[]): ReuGroup | undefined {
  const begun = own.filter(({ scores }) => scores.length > 0);
  const points = Math.min(...begun.map(({ scores }) => scores.length));
  if (begun.length < 3 || points < 2) return undefined;
  const curves = [...begun, ...others].filter(({ scores }) => scores.length >= points)
    .map((curve) => ({ ...curve, scores: curve.scores.slice(0, points) }));
  return reuGroups(curves).find(({ rows }) => rows.length > 0);
}
