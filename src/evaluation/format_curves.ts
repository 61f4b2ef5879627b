import type { Curve } from "./curve.ts";
import { compareCurves } from "./curve_order.ts";

/** Columns of `curves.csv`, before the scores. */
export const columns = [
  "dataset",
  "successor",
  "acquisition",
  "relation",
  "al_type",
  "strategy",
  "seed",
  "metric",
] as const;

/**
 * `curves.csv`: a line for each curve, sorted, so that equal curves give equal bytes. Numbers are written with the fewest
 * digits that read back as the same number. A curve of an unfinished run leaves its last cells empty.
 */
export function formatCurves(curves: readonly Curve[]): string {
  const points = Math.max(1, ...curves.map((curve) => curve.scores.length));
  const header = [...columns, ...Array.from({ length: points }, (_, round) => `score_${round}`)];
  const rows = [...curves].sort(compareCurves).map((curve) => [
    ...columns.map((column) => curve[column] ?? ""),
    ...Array.from({ length: points }, (_, round) => scoreCell(curve, round)),
  ]);
  return [header, ...rows].map((row) => row.map(quoted).join(",") + "\n").join("");
}

function scoreCell({ scores }: Curve, round: number): string {
  const score = scores[round];
  if (score === undefined) return "";
  if (!Number.isFinite(score)) {
    throw new RangeError(`score ${score} of round ${round} is not a number that a curve can hold`);
  }
  return String(score);
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
