import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type HalfShape, halfStride, packHalf, unpackHalf } from "../../kernels/half/half.ts";
import { packHalfReference, roundToHalf, unpackHalfReference } from "../../kernels/half/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

/** The halves of each row, without what lies between rows. */
async function packed(shape: HalfShape, values: Float32Array, limits: KernelLimits = gpu.device.limits) {
  const [words] = await runOnArrays(gpu, packHalf.plan(shape, limits), { values });
  const halves = new Uint16Array(words!);
  const { rows, columns, stride = halfStride(columns) } = shape;
  return Array.from({ length: rows }, (_, row) => [...halves.subarray(row * stride, row * stride + columns)]).flat();
}

async function unpacked(shape: HalfShape, halves: Uint16Array, limits: KernelLimits = gpu.device.limits) {
  const [values] = await runOnArrays(gpu, unpackHalf.plan(shape, limits), { halves: new Uint32Array(halves.buffer) });
  return new Float32Array(values!);
}

/** Any float32, by its bits: most of them are far outside of float16. */
const anyFloat = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((bits) =>
  new Float32Array(Uint32Array.of(bits).buffer)[0]!
);
/** A number within float16's range or around its ends, down to where all is 0. */
const nearHalf = fc.tuple(fc.float({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -28, max: 16 }), fc.boolean())
  .map(([mantissa, exponent, negative]) => Math.fround(mantissa * 2 ** exponent * (negative ? -1 : 1)));
/** As near to two halves. */
const tie = fc.integer({ min: 0, max: 0x7bfe }).map((bits) =>
  (unpackHalfReference(bits) + unpackHalfReference(bits + 1)) / 2
);

describe("float16", () => {
  it("is what the oracle says, bit by bit, of any numbers in rows of any width", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(1, 2, 3, 4, 7, 12, 36, 130),
        fc.constantFrom(undefined, 132, 136),
        fc.infiniteStream(fc.oneof(anyFloat, nearHalf, tie)),
        async (rows, columns, stride, numbers) => {
          const values = Float32Array.from({ length: rows * columns }, () => numbers.next().value!);
          const shape = { rows, columns, ...(stride === undefined ? {} : { stride }) };
          expect(await packed(shape, values)).toEqual([...values].map(packHalfReference));
        },
      ),
      { numRuns: 25, seed: 3 },
    );
  });

  // Of each, the first word is what the oracle gives, and what the standard says.
  it.each([
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [1e5, 0x7bff],
    [-3.4e38, 0xfbff],
    [Infinity, 0x7c00],
    [-Infinity, 0xfc00],
    [NaN, 0x7e00],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -25, 0x0400],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [2 ** -25 * 1.001, 1],
    [1.5 * 2 ** -24, 2],
    [2.5 * 2 ** -24, 2],
    [1e-30, 0],
    [2049, 0x6800],
    [2051, 0x6802],
  ])("of %f has the bits %i", async (value, bits) => {
    expect(packHalfReference(value)).toBe(bits);
    // Through both variants.
    const wide = await packed({ rows: 1, columns: 4 }, Float32Array.of(value, 1, value, -2));
    expect(wide).toEqual([bits, 0x3c00, bits, 0xc000]);
    expect(await packed({ rows: 1, columns: 1 }, Float32Array.of(value))).toEqual([bits]);
  });

  it("turns back into the same number, every one of the 65,536", async () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
    const values = await unpacked({ rows: 256, columns: 256 }, all);
    expect([...values]).toEqual([...all].map(unpackHalfReference));
    const back = await packed({ rows: 256, columns: 256 }, values);
    expect(back).toEqual([...all].map((bits) => Number.isNaN(unpackHalfReference(bits)) ? 0x7e00 : bits));
  });

  it("agrees with the float16 of the language, where it has one", () => {
    const { f16round } = Math as { f16round?: (x: number) => number };
    if (!f16round) return;
    fc.assert(fc.property(fc.oneof(nearHalf, tie), (x) => {
      const wanted = f16round(x);
      expect(roundToHalf(x)).toBe(Number.isFinite(wanted) ? wanted : Math.sign(wanted) * 65504);
    }));
  });

  it("leaves out what is between rows, and puts a 0 behind an odd column", async () => {
    const [words] = await runOnArrays(gpu, packHalf.plan({ rows: 2, columns: 3, stride: 6 }, gpu.device.limits), {
      values: Float32Array.of(1, 1, 1, 1, 1, 1),
    });
    expect([...new Uint16Array(words!)].map(unpackHalfReference)).toEqual([1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]);
    const narrow = { rows: 3, columns: 5, stride: 6 };
    const halves = Uint16Array.from({ length: 18 }, (_, index) => packHalfReference(index));
    expect([...await unpacked(narrow, halves)]).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16]);
  });

  it.each([
    [64, 24, 4096],
    [192, 25, 16384],
  ])("is the same in tiles, without a seam: %i rows of %i", async (rows, columns, most) => {
    const limits = { ...plainLimits, maxStorageBufferBindingSize: most };
    const shape = { rows, columns, stride: 128 };
    expect(packHalf.plan(shape, limits).dispatches.length).toBeGreaterThan(2);
    const values = normalRows(rows, columns);
    const whole = await packed(shape, values);
    expect(await packed(shape, values, limits)).toEqual(whole);
    const halves = Uint16Array.from({ length: rows * 128 }, (_, index) => packHalfReference(index % 300));
    expect(await unpacked(shape, halves, limits)).toEqual(await unpacked(shape, halves));
  });

  it.each(
    [
      [{ rows: 0, columns: 4 }, "rows is 0; it must be an integer of at least 1"],
      [{ rows: 1, columns: 0.5 }, "columns is 0.5; it must be an integer of at least 1"],
      [{ rows: 1, columns: 8, stride: 6 }, "stride is 6; it must be an integer of at least 8"],
      [{ rows: 1, columns: 4, stride: 7 }, "stride is 7; it must be even, since a word holds two"],
      [{ rows: 2, columns: 2 ** 26 }, "a row takes 268435456 bytes; this device binds at most 134217728 at once"],
    ] as const,
  )("refuses %o", (shape, message) => {
    expect(() => packHalf.plan(shape, plainLimits)).toThrow(new KernelError("pack_half", message));
    expect(() => unpackHalf.plan(shape, plainLimits)).toThrow(new KernelError("unpack_half", message));
  });

  it("has rows where a texture can be filled from them", () => {
    expect([1, 64, 128, 129, 768].map(halfStride)).toEqual([128, 128, 128, 256, 768]);
  });
});

const plainLimits: KernelLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  minStorageBufferOffsetAlignment: 256,
  maxComputeWorkgroupsPerDimension: 65535,
};
