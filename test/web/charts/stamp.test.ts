import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { discStamp, ringStamp, type Stamp } from "../../../web/charts/stamp.ts";

const [white, black] = [0xffffffff, 0xff000000];

function printed(stamp: Stamp, width: number, height: number, left: number, top: number, colour = black): Uint32Array {
  const pixels = new Uint32Array(width * height).fill(white);
  stamp.print(pixels, width, height, left, top, colour);
  return pixels;
}

/** How dark the pixels are in all, a black one counting 1. */
function ink(pixels: Uint32Array): number {
  return pixels.reduce((sum, pixel) => sum + 1 - (pixel & 0xff) / 255, 0);
}

describe("a stamp", () => {
  it.each([1.6, 2.5, 4, 9.3])("prints a disc of radius %d as large as it should be", (radius) => {
    const area = Math.PI * radius ** 2;
    expect(Math.abs(ink(printed(discStamp(radius, 40), 40, 40, 20, 20)) - area)).toBeLessThan(0.06 * area + 0.5);
  });

  it("prints a ring that leaves its middle free", () => {
    const pixels = printed(ringStamp(6, 1.5, 40), 40, 40, 20, 20);
    expect(pixels[20 * 40 + 20]).toBe(white);
    expect(pixels[20 * 40 + 25]).toBe(black);
    expect(Math.abs(ink(pixels) - Math.PI * (6 ** 2 - 4.5 ** 2))).toBeLessThan(4);
  });

  it("prints a colour as it is, and half of it where it covers half", () => {
    const colour = 0xff2040c0;
    const pixels = printed(discStamp(3, 20), 20, 20, 10, 10, colour);
    expect(pixels[10 * 20 + 10]).toBe(colour);
    // The middle of this pixel is just on the edge.
    const bytes = (pixel: number) => [0, 8, 16, 24].map((shift) => (pixel >>> shift) & 0xff);
    bytes(pixels[10 * 20 + 13]!).forEach((byte, index) =>
      expect(Math.abs(byte - (255 + bytes(colour)[index]!) / 2)).toBeLessThanOrEqual(1)
    );
  });

  it("prints at the edge what a larger sheet would show there, and nothing elsewhere", () => {
    const place = fc.integer({ min: -12, max: 30 });
    fc.assert(fc.property(place, place, (left, top) => {
      const small = printed(discStamp(4, 18), 18, 18, left, top);
      const large = printed(discStamp(4, 60), 60, 60, left + 20, top + 20);
      for (let row = 0; row < 18; row++) {
        const at = (row + 20) * 60 + 20;
        expect(small.slice(row * 18, row * 18 + 18)).toEqual(large.slice(at, at + 18));
      }
    }));
  });
});
