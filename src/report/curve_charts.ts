import { deviation, mean } from "d3-array";
import type { Curve } from "../evaluation/curve.ts";
import { compareCurves } from "../evaluation/curve_order.ts";
import { impliedRelation } from "../evaluation/relation.ts";
import type { ChartLine, LineChart, LinePoint } from "./line_chart.ts";

/** How many examples were labelled at each point of a curve; undefined where that is not known. */
export type LabelledCounts = (curve: Curve) => readonly number[] | undefined;

const unknown: LabelledCounts = () => undefined;

/** More lines than this in one chart are split by strategy. */
const mostLines = 6;

/**
 * The learning curves as charts, one for each data set, successor and metric: the mean over seeds, and a band of one sample
 * standard deviation around it. x is the number of labelled examples where every curve's is known and all agree, else the round.
 */
export function curveCharts(curves: readonly Curve[], labelled: LabelledCounts = unknown): LineChart[] {
  const sorted = [...curves].sort(compareCurves);
  const together = Map.groupBy(
    sorted,
    ({ dataset, successor, metric }) => JSON.stringify([dataset, successor, metric]),
  );
  return [...together.values()].flatMap(splitByStrategy).map((members) => curveChart(members, labelled));
}

function splitByStrategy(curves: readonly Curve[]): (readonly Curve[])[] {
  const strategies = [...new Set(curves.map((curve) => curve.strategy))].filter((strategy) => strategy !== "random");
  if (arms(curves).length <= mostLines || strategies.length < 2) return [curves];
  return strategies.map((strategy) =>
    curves.filter((curve) => curve.strategy === strategy || curve.strategy === "random")
  );
}

function arms(curves: readonly Curve[]): Curve[][] {
  return [...Map.groupBy(curves, armKey).values()];
}

function armKey({ strategy, al_type, acquisition }: Curve): string {
  return strategy === "random" ? "random" : JSON.stringify([al_type, acquisition, strategy]);
}

function curveChart(curves: readonly Curve[], labelled: LabelledCounts): LineChart {
  const { dataset, successor, metric } = curves[0]!;
  const groups = arms(curves);
  const counts = commonCounts(curves, labelled);
  const strategies = new Set(curves.filter((curve) => curve.strategy !== "random").map((curve) => curve.strategy));
  const lines = groups.map((arm) => chartLine(arm, counts, strategies.size > 1));
  const yLabel = metricTitle(metric);
  const strategy = strategies.size === 1 ? `, strategy ${[...strategies][0]}` : "";
  return {
    title: `${successor}${dataset && ` on ${dataset}`}${strategy}`,
    subtitle: subtitle(curves),
    xLabel: counts ? "labelled examples" : "round",
    yLabel,
    description: `Learning curves of ${successor}${dataset && ` on ${dataset}`}: ${yLabel} after each round. ` +
      lines.map(describe).join(" "),
    lines,
  };
}

function subtitle(curves: readonly Curve[]): string {
  const counts = arms(curves).map((arm) => arm.length);
  const most = Math.max(...counts);
  if (curves.every((curve) => curve.seed === "mean")) return "means over seeds, as given";
  if (most === 1) return "one seed";
  const seeds = counts.every((count) => count === most) ? `${most}` : `up to ${most}`;
  const uneven = arms(curves).some((arm) => arm.some((curve) => curve.scores.length !== arm[0]!.scores.length));
  return `mean of ${seeds} seeds; band: ±1 standard deviation${uneven ? "; later points: fewer seeds so far" : ""}`;
}

function chartLine(arm: readonly Curve[], counts: readonly number[] | undefined, named: boolean): ChartLine {
  const { acquisition, strategy } = arm[0]!;
  const relation = arm[0]!.relation ?? impliedRelation(arm[0]!);
  const random = strategy === "random";
  const label = relation ?? acquisition;
  const model = random ? "" : relation ? acquisition : "relation not given";
  return {
    label,
    sublabel: [model, named && !random ? strategy : ""].filter(Boolean).join(", "),
    relation,
    points: meanPoints(arm, counts),
  };
}

function meanPoints(arm: readonly Curve[], counts: readonly number[] | undefined): LinePoint[] {
  const length = Math.max(...arm.map((curve) => curve.scores.length));
  return Array.from({ length }, (_, round) => {
    const scores = arm.flatMap((curve) => curve.scores[round] ?? []);
    const y = mean(scores)!;
    const spread = deviation(scores);
    return { x: counts?.[round] ?? round, y, ...(spread !== undefined && { band: [y - spread, y + spread] as const }) };
  });
}

/** What was labelled by each round, where all curves agree on it: then, and only then, it can be the axis. */
function commonCounts(curves: readonly Curve[], labelled: LabelledCounts): readonly number[] | undefined {
  let longest: readonly number[] = [];
  const all = curves.map((curve) => labelled(curve)?.slice(0, curve.scores.length));
  for (const [index, counts] of all.entries()) {
    if (!counts || counts.length < curves[index]!.scores.length) return undefined;
    const shared = Math.min(counts.length, longest.length);
    for (let round = 0; round < shared; round++) if (counts[round] !== longest[round]) return undefined;
    if (counts.length > longest.length) longest = counts;
  }
  return longest;
}

function describe(line: ChartLine): string {
  const who = [line.label, line.sublabel].filter(Boolean).join(", ");
  const [start, end] = [line.points[0]!, line.points.at(-1)!];
  return `${who}: from ${start.y.toFixed(3)} to ${end.y.toFixed(3)}.`;
}

/** "macro_f1" as a reader would write it. */
export function metricTitle(metric: string): string {
  return metric.replaceAll("_", " ").replace(/\bf1\b/, "F1");
}
