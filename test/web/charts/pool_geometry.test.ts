import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PointGrid } from "../../../web/charts/point_grid.ts";
import { comingFrom, onTheWay, type PoolPoints } from "../../../web/charts/pool_points.ts";
import { neighbour } from "../../../web/charts/walk.ts";

const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const places = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 200 });

describe("the grid", () => {
  it("finds what looking at every point finds", () => {
    const reach = fc.double({ min: 0.01, max: 0.8, noNaN: true });
    fc.assert(fc.property(places, coordinate, coordinate, reach, reach, (points, x, y, reachX, reachY) => {
      const xs = Float32Array.from(points, ([each]) => each);
      const ys = Float32Array.from(points, ([, each]) => each);
      const away = points.map((_, index) => ((xs[index]! - x) / reachX) ** 2 + ((ys[index]! - y) / reachY) ** 2);
      const least = Math.min(...away);
      const found = new PointGrid(xs, ys).nearest(x, y, reachX, reachY);
      expect(found).toBe(least <= 1 ? away.indexOf(least) : undefined);
    }));
  });

  it("finds nothing in an empty pool", () => {
    expect(new PointGrid(new Float32Array(), new Float32Array()).nearest(0, 0, 1, 1)).toBeUndefined();
  });
});

describe("a walk by arrow keys", () => {
  const x = Float32Array.of(0, 0.5, 0.2, -0.4, 0, 0);
  const y = Float32Array.of(0, 0, 0.19, 0, 0.6, -0.3);
  const square = { ax: 100, ay: -100 };

  it("goes to the nearest point that way, straight before aside", () => {
    expect(neighbour(x, y, square, 0, "right")).toBe(1);
    expect(neighbour(x, y, square, 0, "left")).toBe(3);
    expect(neighbour(x, y, square, 0, "up")).toBe(4);
    expect(neighbour(x, y, square, 0, "down")).toBe(5);
  });

  it("sees as the eye does, in a frame that is wider than high", () => {
    expect(neighbour(x, y, { ax: 100, ay: -20 }, 0, "right")).toBe(2);
  });

  it("stays where nothing lies that way", () => {
    expect(neighbour(x, y, square, 3, "left")).toBeUndefined();
    expect(neighbour(Float32Array.of(0, 0), Float32Array.of(0, 0), square, 0, "up")).toBeUndefined();
  });

  it("can be gone back or onward until there is nothing more, whatever the pool", () => {
    fc.assert(fc.property(places, (points) => {
      const xs = Float32Array.from(points, ([each]) => each);
      const ys = Float32Array.from(points, ([, each]) => each);
      let at: number | undefined = 0;
      for (let steps = 0; at !== undefined; steps++) {
        expect(steps).toBeLessThanOrEqual(points.length);
        at = neighbour(xs, ys, square, at, "right");
      }
    }));
  });
});

describe("points between two rounds", () => {
  const points = (x: number[], level: number[]): PoolPoints => ({
    x: Float32Array.from(x),
    y: Float32Array.from(x),
    level: Float32Array.from(level),
    labelled: new Uint8Array(x.length),
  });

  it("come from where the same ids were, and new ones from where they will be", () => {
    const from = comingFrom(
      ["b", "new", "a"],
      points([1, 0.5, 0], [1, 0.5, 0]),
      ["a", "gone", "b"],
      points([-1, 0, 0.25], [0.5, 0, 0.75]),
    );
    expect([...from.x]).toEqual([0.25, 0.5, -1]);
    expect([...from.level]).toEqual([0.75, 0.5, 0.5]);
  });

  it("are a share of the way", () => {
    expect([...onTheWay(points([0], [0]), points([1], [0.5]), 0.25).x]).toEqual([0.25]);
    expect([...onTheWay(points([0], [0]), points([1], [0.5]), 0.25).level]).toEqual([0.125]);
  });
});
