import type { PoolPoints } from "./pool_points.ts";
import { rampSteps } from "./ramp.ts";

/** The place in the ramp of a level. */
export function colourStep(level: number): number {
  return Math.min(rampSteps - 1, Math.floor(level * rampSteps));
}

/** Indices by rising level, the labelled ones last, so that what matters lies on top: a counting sort by the ramp's colours. */
export function painterOrder({ level, labelled }: PoolPoints): Uint32Array {
  const keys = level.map((each, index) => labelled[index] ? rampSteps : colourStep(each));
  const starts = new Uint32Array(rampSteps + 2);
  for (const key of keys) starts[key + 1]!++;
  for (let key = 0; key <= rampSteps; key++) starts[key + 1]! += starts[key]!;
  const order = new Uint32Array(level.length);
  keys.forEach((key, index) => order[starts[key]!++] = index);
  return order;
}
