import type { Inks } from "./inks.ts";
import { colourStep } from "./painter_order.ts";
import type { PoolPoints } from "./pool_points.ts";
import type { Frame, Placement } from "./viewport.ts";

/** What stands out of the pool, as indices. */
export interface Marks {
  /** The best first. */
  readonly picks: readonly number[];
  readonly selected?: number;
  /** What the keyboard or the pointer is at. */
  readonly focused?: number;
  /** How far a pulse around the picks is, 0 to 1; absent at rest. */
  readonly pulse?: number;
}

/** Paints the picks and rings over the pool, on a canvas of their own, so that a pulse leaves the pool alone. */
export class MarkPainter {
  readonly #context: CanvasRenderingContext2D;

  constructor(canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext("2d")!;
  }

  paint(
    points: PoolPoints,
    marks: Marks,
    { ax, bx, ay, by }: Placement,
    frame: Frame,
    radius: number,
    ratio: number,
    inks: Inks,
  ): void {
    const context = this.#context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, frame.width, frame.height);
    const ring = (index: number, size: number, width: number, colour: string) => {
      context.beginPath();
      context.arc(ax * points.x[index]! + bx, ay * points.y[index]! + by, size, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    };
    const size = pickRadius(radius);
    if (marks.pulse !== undefined) {
      context.globalAlpha = (1 - marks.pulse) * 0.7;
      for (const pick of marks.picks) ring(pick, size + 2 + marks.pulse * 14, 2, inks.lit);
      context.globalAlpha = 1;
    }
    const disc = (index: number, size: number, colour: string) => {
      context.beginPath();
      context.arc(ax * points.x[index]! + bx, ay * points.y[index]! + by, size, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
    };
    // The best pick lies on top.
    for (const pick of marks.picks.toReversed()) {
      disc(pick, size + 1, inks.litEdge);
      disc(pick, size, inks.lit);
      disc(pick, size - 2.25, inks.litEdge);
      disc(pick, size - 3, inks.ramp[colourStep(points.level[pick]!)]!);
    }
    const outside = size + 4;
    if (marks.selected !== undefined) {
      ring(marks.selected, outside, 4.5, inks.surface);
      ring(marks.selected, outside, 2.5, inks.focus);
    }
    if (marks.focused !== undefined) {
      ring(marks.focused, outside + 3.5, 3.5, inks.surface);
      ring(marks.focused, outside + 3.5, 1.5, inks.text);
    }
  }
}

/** How large a pick is among dots of a radius. */
export function pickRadius(radius: number): number {
  return Math.max(5.5, radius * 1.5 + 2);
}
