import { describe, expect, it } from "vitest";
import { padBatch } from "../../src/text/padding.ts";

describe("padding", () => {
  it("fills rows up to the longest", () => {
    expect(padBatch([[5, 6, 7], [8]], 9)).toEqual({
      ids: Int32Array.of(5, 6, 7, 8, 9, 9),
      mask: Float32Array.of(1, 1, 1, 1, 0, 0),
      shape: [2, 3],
    });
  });

  it("rounds the width up", () => {
    const { ids, mask, shape } = padBatch([[1, 2, 3], [4, 5, 6]], 0, 4);
    expect(shape).toEqual([2, 4]);
    expect([...ids]).toEqual([1, 2, 3, 0, 4, 5, 6, 0]);
    expect([...mask]).toEqual([1, 1, 1, 0, 1, 1, 1, 0]);
    expect(padBatch([[1, 2, 3, 4]], 0, 4).shape).toEqual([1, 4]);
  });
});
