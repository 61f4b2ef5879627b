import type { Placement } from "./viewport.ts";

export type Direction = "left" | "right" | "up" | "down";

const steps: Readonly<Record<Direction, readonly [right: number, down: number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** How much a step aside counts against one ahead. */
const aside = 2;

/**
 * The nearest point that lies in a direction from another, as the eye sees it: within 45 degrees of it, where a point straight ahead
 * is preferred to one as near but aside.
 *
 * @returns its index, or undefined where nothing lies that way
 */
export function neighbour(
  x: Float32Array,
  y: Float32Array,
  { ax, ay }: Pick<Placement, "ax" | "ay">,
  from: number,
  direction: Direction,
): number | undefined {
  const [right, down] = steps[direction];
  let best: number | undefined;
  let least = Infinity;
  for (let index = 0; index < x.length; index++) {
    const dx = (x[index]! - x[from]!) * ax;
    const dy = (y[index]! - y[from]!) * ay;
    const ahead = dx * right + dy * down;
    const sideways = Math.abs(dx * down) + Math.abs(dy * right);
    if (ahead <= 0 || sideways > ahead) continue;
    const cost = ahead + aside * sideways;
    if (cost < least) {
      best = index;
      least = cost;
    }
  }
  return best;
}
