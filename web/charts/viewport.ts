/** The part of the plane [-1, 1] x [-1, 1] that is shown: its middle, and how many times it is magnified (1 shows all). */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Where it is shown, in CSS pixels; `pad` stays free of points on every side when all is shown. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly pad: number;
}

/** From the plane to the frame: a point is at (ax * x + bx, ay * y + by); y points up in the plane and down in the frame. */
export interface Placement {
  readonly ax: number;
  readonly bx: number;
  readonly ay: number;
  readonly by: number;
}

export const wholePlane: Viewport = { x: 0, y: 0, zoom: 1 };

const maxZoom = 64;

export function placement({ x, y, zoom }: Viewport, { width, height, pad }: Frame): Placement {
  const ax = zoom * Math.max(1, width / 2 - pad);
  const ay = -zoom * Math.max(1, height / 2 - pad);
  return { ax, bx: width / 2 - ax * x, ay, by: height / 2 - ay * y };
}

/** The viewport after its content was dragged by so many pixels. */
export function panned(viewport: Viewport, frame: Frame, right: number, down: number): Viewport {
  const { ax, ay } = placement(viewport, frame);
  return held({ ...viewport, x: viewport.x - right / ax, y: viewport.y - down / ay });
}

/** The viewport magnified by a factor around a place in the frame, which stays where it is unless an edge forbids it. */
export function zoomed(viewport: Viewport, frame: Frame, factor: number, left: number, top: number): Viewport {
  const before = placement(viewport, frame);
  const x = (left - before.bx) / before.ax;
  const y = (top - before.by) / before.ay;
  const zoom = Math.min(maxZoom, Math.max(1, viewport.zoom * factor));
  const share = viewport.zoom / zoom;
  return held({ x: x + (viewport.x - x) * share, y: y + (viewport.y - y) * share, zoom });
}

/** The viewport, moved no more than it must be for a point of the plane to be well inside it. */
export function revealing(viewport: Viewport, x: number, y: number): Viewport {
  const reach = 0.85 / viewport.zoom;
  const nearest = (middle: number, point: number) => Math.min(point + reach, Math.max(point - reach, middle));
  return held({ ...viewport, x: nearest(viewport.x, x), y: nearest(viewport.y, y) });
}

/** The middle stays where at least its own half of the frame shows the plane. */
function held({ x, y, zoom }: Viewport): Viewport {
  const slack = 1 - 1 / zoom;
  // Added to 0, which makes 0 of -0.
  const hold = (middle: number) => 0 + Math.min(slack, Math.max(-slack, middle));
  return { x: hold(x), y: hold(y), zoom };
}
