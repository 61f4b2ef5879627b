import { bisectRight, extent, ticks as niceTicks } from "d3-array";
import { type ScaleLinear, scaleLinear } from "d3-scale";
import { spreadLabels } from "../../src/report/label_layout.ts";

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** Scales and ticks of the learning curves, in pixels of the plot. */
export interface CurvePlot {
  readonly size: PlotSize;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  /** Decimals that tell the ticks of y apart. */
  readonly yDigits: number;
}

/** Space that text needs, in pixels: of the widest label at a line's end, and of a tick of each axis. */
export interface TextRoom {
  readonly label: number;
  readonly xTick: number;
  readonly yTick: number;
}

const top = 30;
const bottom = 46;

const LEAST_SPAN = 0.02;

/** What y must show: all values, widened to ends that read well; 0 to 1 where there is none. */
export function scoreDomain(values: readonly number[]): [number, number] {
  const [low, high] = extent(values);
  if (low === undefined || high === undefined) return [0, 1];
  // One value, or values that hardly differ, would make an axis of noise.
  const span = Math.max(LEAST_SPAN, high - low);
  const middle = (low + high) / 2;
  // Every metric here lies in [0, 1]: an axis that went beyond would promise more than there is.
  const [floor, ceiling] = [Math.min(0, low), Math.max(1, high)];
  const from = Math.min(Math.max(floor, middle - span / 2), ceiling - span);
  const [start, end] = scaleLinear().domain([from, from + span]).nice(5).domain() as [number, number];
  return [Math.max(floor, start), Math.min(ceiling, end)];
}

/** @param counts labelled examples at each planned point; x reaches to the last, so that a curve grows into its space */
export function curvePlot(
  size: PlotSize,
  counts: readonly number[],
  domain: readonly [number, number],
  room: TextRoom,
): CurvePlot {
  const left = Math.ceil(room.yTick) + 10;
  const right = Math.max(left + 40, size.width - room.label - 22);
  const first = counts[0] ?? 0;
  const last = counts.at(-1) ?? 1;
  const x = scaleLinear().domain(last > first ? [first, last] : [first, first + 1]).range([left, right]);
  const y = scaleLinear().domain(domain).range([size.height - bottom, top]);
  const yCount = Math.max(2, Math.min(6, Math.round((size.height - top - bottom) / 55)));
  const yTicks = niceTicks(domain[0], domain[1], yCount);
  return {
    size,
    left,
    right,
    top,
    bottom: size.height - bottom,
    x,
    y,
    xTicks: countTicks(counts, Math.floor((right - left) / (room.xTick + 18)) + 1),
    yTicks,
    yDigits: decimals(yTicks.length > 1 ? yTicks[1]! - yTicks[0]! : 0.1),
  };
}

/** The first count and every k-th after it, k as small as `most` ticks allow. */
function countTicks(counts: readonly number[], most: number): number[] {
  const step = Math.max(1, Math.ceil((counts.length - 1) / Math.max(1, most - 1)));
  return counts.filter((_, point) => point % step === 0);
}

function decimals(step: number): number {
  return Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}

/** Where x stands at a point of a curve, which may lie between two rounds. */
export function countAt(counts: readonly number[], at: number): number {
  const before = Math.floor(at);
  const count = counts[before] ?? 0;
  const next = counts[before + 1] ?? count;
  return count + (next - count) * (at - before);
}

/** The planned point nearest to a number of labelled examples, among the first `reached`. */
export function nearestPoint(counts: readonly number[], count: number, reached: number): number {
  const next = bisectRight(counts, count, 0, reached);
  if (next === 0) return 0;
  if (next === reached) return reached - 1;
  return counts[next]! - count < count - counts[next - 1]! ? next : next - 1;
}

/** Vertical middles for labels of lines that end at these places: never closer than `gap` where the plot has room for all. */
export function labelMiddles(ends: readonly number[], plot: CurvePlot, gap: number): number[] {
  // Half a label stays between the lowest one and the axis.
  const lowest = plot.bottom - gap / 2;
  const most = (lowest - plot.top) / Math.max(1, ends.length - 1);
  return spreadLabels(ends, Math.min(gap, most), plot.top, lowest);
}
