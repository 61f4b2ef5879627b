import type { Inks } from "./inks.ts";
import { MarkPainter, type Marks } from "./mark_painter.ts";
import { animate, prefersReducedMotion } from "./motion.ts";
import { dotRadius, PointPainter } from "./point_painter.ts";
import { onTheWay, type PoolPoints } from "./pool_points.ts";
import { type Frame, type Placement, placement, type Viewport, wholePlane } from "./viewport.ts";

const travelMilliseconds = 400;
const pulseMilliseconds = 1400;
/** Then the picks rest: what moves for long tires, and needs a button to stop it. */
const pulses = 3;

/** What is on the stage. */
export interface Scene {
  readonly viewport: Viewport;
  readonly marks: Marks;
  readonly inks: Inks;
}

const nothing: PoolPoints = {
  x: new Float32Array(),
  y: new Float32Array(),
  level: new Float32Array(),
  labelled: new Uint8Array(),
};

/** The two canvases of the pool: the points, and above them what stands out. Paints at most once a frame, and only what changed. */
export class PoolStage {
  readonly #canvases: readonly HTMLCanvasElement[];
  readonly #pool: PointPainter;
  readonly #marks: MarkPainter;
  #frame: Frame = { width: 0, height: 0, pad: 22 };
  #points = nothing;
  #scene: Scene | undefined;
  #pulse: number | undefined;
  #travel = new AbortController();
  #pulsing = new AbortController();
  #scheduled = false;
  #stalePool = true;

  constructor(pool: HTMLCanvasElement, marks: HTMLCanvasElement) {
    this.#canvases = [pool, marks];
    this.#pool = new PointPainter(pool);
    this.#marks = new MarkPainter(marks);
  }

  get frame(): Frame {
    return this.#frame;
  }

  /** The points as they are drawn just now: on their way, between two rounds. */
  get points(): PoolPoints {
    return this.#points;
  }

  get radius(): number {
    return dotRadius(this.#points.x.length, this.#frame, this.#scene?.viewport.zoom ?? 1);
  }

  place(): Placement {
    return placement(this.#scene?.viewport ?? wholePlane, this.#frame);
  }

  /** In CSS pixels. Paints at once, since a canvas that is given a size is empty. */
  resize(width: number, height: number): void {
    this.#frame = { ...this.#frame, width, height };
    for (const canvas of this.#canvases) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    this.#stalePool = true;
    this.#paint();
  }

  /** Puts other points in place, from where they come; at once where there is no from, or where the reader wants no motion. */
  enter(points: PoolPoints | undefined, from: PoolPoints | undefined): void {
    this.#travel.abort();
    const to = points ?? nothing;
    if (!from || prefersReducedMotion()) return this.#move(to);
    this.#move(from);
    this.#travel = new AbortController();
    animate(
      travelMilliseconds,
      this.#travel.signal,
      (share) => this.#move(share === 1 ? to : onTheWay(from, to, share)),
    );
  }

  #move(points: PoolPoints): void {
    this.#points = points;
    this.#stalePool = true;
    this.#schedule();
  }

  show(scene: Scene): void {
    if (scene.viewport !== this.#scene?.viewport || scene.inks !== this.#scene.inks) this.#stalePool = true;
    this.#scene = scene;
    this.#schedule();
  }

  /** Draws the eye to the picks, a few times. */
  pulse(): void {
    this.#pulsing.abort();
    this.#pulse = undefined;
    if (prefersReducedMotion()) return;
    this.#pulsing = new AbortController();
    const { signal } = this.#pulsing;
    const beat = (left: number) =>
      animate(pulseMilliseconds, signal, (share) => {
        this.#pulse = share < 1 ? share : undefined;
        this.#schedule();
        if (share === 1 && left > 1) beat(left - 1);
      });
    beat(pulses);
  }

  /** Ends all motion where it is. */
  rest(): void {
    this.#travel.abort();
    this.#pulsing.abort();
    this.#pulse = undefined;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#paint();
    });
  }

  #paint(): void {
    if (!this.#scene || this.#frame.width === 0) return;
    const { marks, inks } = this.#scene;
    const [points, place, radius, ratio] = [this.#points, this.place(), this.radius, devicePixelRatio];
    if (this.#stalePool) this.#pool.paint(points, place, radius, ratio, inks);
    this.#stalePool = false;
    this.#marks.paint(points, { ...marks, pulse: this.#pulse }, place, this.#frame, radius, ratio, inks);
  }
}
