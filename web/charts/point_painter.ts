// Paints the pool. Ten thousand arcs, or as many copies of a picture of a dot, take a canvas several frames wherever it has no GPU, or
// one that is busy training. So the dots are stamped into an array of pixels, some ten to a hundred bytes each, which is shown at once.

import type { Inks } from "./inks.ts";
import { colourStep, painterOrder } from "./painter_order.ts";
import type { PoolPoints } from "./pool_points.ts";
import { discStamp, ringStamp, type Stamp } from "./stamp.ts";
import type { Frame, Placement } from "./viewport.ts";

/** How large a dot is, in CSS pixels: smaller where many share the frame, growing slowly with the zoom. */
export function dotRadius(count: number, { width, height }: Frame, zoom: number): number {
  const crowd = 0.28 * Math.sqrt((width * height) / Math.max(1, count));
  return Math.min(7, Math.max(1.6, Math.min(4, crowd)) * zoom ** 0.3);
}

export class PointPainter {
  readonly #context: CanvasRenderingContext2D;
  #image = new ImageData(1, 1);
  #stamps: { readonly radius: number; readonly width: number; readonly disc: Stamp; readonly ring: Stamp } | undefined;

  constructor(canvas: HTMLCanvasElement) {
    // The pixels come from here, so that a copy on a GPU would only have to be kept in step.
    this.#context = canvas.getContext("2d", { willReadFrequently: true })!;
  }

  /** @param ratio device pixels to a CSS pixel */
  paint(points: PoolPoints, { ax, bx, ay, by }: Placement, radius: number, ratio: number, inks: Inks): void {
    const { width, height } = this.#context.canvas;
    if (this.#image.width !== width || this.#image.height !== height) this.#image = new ImageData(width, height);
    const pixels = new Uint32Array(this.#image.data.buffer);
    const { disc, ring } = this.#stampsOf(radius * ratio, width);
    const ramp = inks.ramp.map(packed);
    const [surface, muted] = [packed(inks.surface), packed(inks.muted)];
    pixels.fill(surface);
    for (const index of painterOrder(points)) {
      const left = Math.round((ax * points.x[index]! + bx) * ratio);
      const top = Math.round((ay * points.y[index]! + by) * ratio);
      const level = colourStep(points.level[index]!);
      if (!points.labelled[index]) disc.print(pixels, width, height, left, top, ramp[level]!);
      else {
        disc.print(pixels, width, height, left, top, surface);
        ring.print(pixels, width, height, left, top, muted);
      }
    }
    this.#context.putImageData(this.#image, 0, 0);
  }

  #stampsOf(radius: number, width: number) {
    if (this.#stamps?.radius !== radius || this.#stamps.width !== width) {
      const disc = discStamp(radius, width);
      this.#stamps = { radius, width, disc, ring: ringStamp(radius, Math.max(1, radius * 0.4), width) };
    }
    return this.#stamps;
  }
}

/** "#rrggbb" as the four bytes of an opaque pixel; every browser runs on machines that put the lowest first. */
function packed(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (255 << 24 | blue! << 16 | green! << 8 | red!) >>> 0;
}
