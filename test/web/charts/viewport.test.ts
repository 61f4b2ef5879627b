import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { panned, placement, revealing, type Viewport, wholePlane, zoomed } from "../../../web/charts/viewport.ts";

const frame = { width: 600, height: 400, pad: 20 };
const inPlane = fc.double({ min: -1, max: 1, noNaN: true });
const viewports = fc.record({ x: inPlane, y: inPlane, zoom: fc.double({ min: 1, max: 40, noNaN: true }) })
  .map((each) => panned(each, frame, 0, 0));

function placeOf(viewport: Viewport, x: number, y: number): [left: number, top: number] {
  const { ax, bx, ay, by } = placement(viewport, frame);
  return [ax * x + bx, ay * y + by];
}

describe("the viewport of the pool", () => {
  it("shows all of the plane at first, y upwards", () => {
    expect(placeOf(wholePlane, -1, 1)).toEqual([20, 20]);
    expect(placeOf(wholePlane, 1, -1)).toEqual([580, 380]);
  });

  it("keeps what is under the pointer where it is when it zooms in", () => {
    fc.assert(
      fc.property(viewports, inPlane, inPlane, fc.double({ min: 1, max: 1.5, noNaN: true }), (before, u, v, factor) => {
        const { ax, bx, ay, by } = placement(before, frame);
        const [left, top] = [300 + 280 * u, 200 + 180 * v];
        const [x, y] = [(left - bx) / ax, (top - by) / ay];
        fc.pre(Math.abs(x) <= 1 && Math.abs(y) <= 1);
        const [after, below] = placeOf(zoomed(before, frame, factor, left, top), x, y);
        expect(after).toBeCloseTo(left, 6);
        expect(below).toBeCloseTo(top, 6);
      }),
    );
  });

  it("moves with a drag, and stops at the edge", () => {
    const close = zoomed(wholePlane, frame, 4, 300, 200);
    const [left, top] = placeOf(close, 0, 0);
    expect(placeOf(panned(close, frame, 30, -12), 0, 0)).toEqual([left + 30, top - 12]);
    const far = panned(close, frame, 1e6, 0);
    expect(placeOf(far, -1, 0)[0]).toBeCloseTo(20, 6);
    expect(panned(wholePlane, frame, 50, 50)).toEqual(wholePlane);
  });

  it("never shows less than all, nor loses the plane", () => {
    fc.assert(
      fc.property(
        viewports,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        inPlane,
        inPlane,
        (before, factor, u, v) => {
          const { x, y, zoom } = zoomed(before, frame, factor, 300 + 300 * u, 200 + 200 * v);
          expect(zoom).toBeGreaterThanOrEqual(1);
          expect(Math.abs(x)).toBeLessThanOrEqual(1 - 1 / zoom + 1e-9);
          expect(Math.abs(y)).toBeLessThanOrEqual(1 - 1 / zoom + 1e-9);
        },
      ),
    );
    expect(zoomed(zoomed(wholePlane, frame, 7, 10, 10), frame, 1 / 50, 500, 300)).toEqual(wholePlane);
  });

  it("comes to a point, and stays where it sees the point already", () => {
    fc.assert(fc.property(viewports, inPlane, inPlane, (before, x, y) => {
      const after = revealing(before, x, y);
      const [left, top] = placeOf(after, x, y);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThanOrEqual(frame.width);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top).toBeLessThanOrEqual(frame.height);
      expect(revealing(after, x, y)).toEqual(after);
    }));
  });
});
