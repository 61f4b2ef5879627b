import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { halfStride, packHalf } from "../../kernels/half/half.ts";
import { unpackHalfReference } from "../../kernels/half/reference.ts";
import {
  type FactorLayout,
  matmul,
  type MatmulShape,
  type MatmulVariant,
  matmulVariants,
} from "../../kernels/matmul/matmul.ts";
import { matmulReference } from "../../kernels/matmul/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

/** One dense matrix after another. */
function dense(m: number, n: number, k: number, given: {
  readonly batch?: readonly [number, number];
  readonly transposed?: readonly [boolean, boolean];
  readonly bias?: boolean;
  readonly variant?: MatmulVariant;
} = {}): MatmulShape {
  const { batch = [1, 1], transposed: [ta, tb] = [false, false], ...rest } = given;
  const strides = (size: number): [number, number] => [batch[1] * size, size];
  return {
    m,
    n,
    k,
    batch,
    a: { transposed: ta, stride: ta ? m : k, batchStrides: strides(m * k) },
    b: { transposed: tb, stride: tb ? k : n, batchStrides: strides(k * n) },
    result: { stride: n, batchStrides: strides(m * n) },
    ...rest,
  };
}

function inputsOf(shape: MatmulShape): Record<string, Float32Array> {
  const { inputs } = matmul.plan(shape, gpu.device.limits);
  return Object.fromEntries(inputs.map(({ name, bytes }) => [name, normalRows(1, bytes / 4, 1, name)]));
}

async function resultOf(shape: MatmulShape, inputs: Record<string, Float32Array>): Promise<Float32Array> {
  const [result] = await runOnArrays(gpu, matmul.plan(shape, gpu.device.limits), inputs);
  return new Float32Array(result!);
}

async function expectProduct(shape: MatmulShape): Promise<Float32Array> {
  const inputs = inputsOf(shape);
  const actual = await resultOf(shape, inputs);
  const wanted = new Float64Array(actual.length);
  matmulReference(shape, inputs.a!, inputs.b!, inputs.bias, wanted);
  // A chain of k float32 additions of products near 1.
  expectClose(actual, wanted, 4e-7 * Math.sqrt(shape.k) * 4 + 1e-6);
  return actual;
}

const LAYOUTS: [boolean, boolean][] = [[false, false], [false, true], [true, false], [true, true]];
/** The tiled variant has barriers, which SwiftShader runs slowly: small shapes. */
const ALIGNED: MatmulVariant[] = ["tiled", "blocks", "general"];
const ALL: MatmulVariant[] = ["tiled", "blocks", "textures", "general"];

describe.each(LAYOUTS)("the product with a stored transposed: %s, b: %s", (ta, tb) => {
  it.each(ALIGNED)("is what the oracle says, in variant %s", async (variant) => {
    for (const [m, n, k] of [[16, 16, 4], [5, 8, 12], [70, 72, 20], [33, 4, 36]] as const) {
      if (ta && m % 4 !== 0 && variant !== "general") continue;
      await expectProduct(dense(m, n, k, { transposed: [ta, tb], variant }));
    }
  });

  it("is the same to the bit in every variant", async () => {
    const shape = dense(64, 64, 64, { transposed: [ta, tb], batch: [1, 3], bias: true });
    const inputs = inputsOf(shape);
    await expectProduct(shape);
    const results = await Promise.all(ALL.map((variant) => resultOf({ ...shape, variant }, inputs)));
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it("is what the oracle says at any sizes", async () => {
    const size = fc.integer({ min: 1, max: 21 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ m: size, n: size, k: size, batch: fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 3)) }),
        fc.boolean(),
        async ({ m, n, k, batch }, bias) => {
          await expectProduct(dense(m, n, k, { batch, bias, transposed: [ta, tb] }));
        },
      ),
      { numRuns: 15, seed: 5 },
    );
  });
});

describe("a product that is computed in parts", () => {
  // The columns of a, and the rows of b, from one of these on to the next.
  const cuts = [0, 5, 12, 40];

  it.each([[3, 7], [16, 20]])(
    "gives the bits of the whole one, which the oracle agrees with: %i by %i",
    async (m, n) => {
      const whole = dense(m, n, cuts.at(-1)!);
      const inputs = inputsOf(whole);
      const wanted = await expectProduct({ ...whole, variant: "general" });
      let result: Float32Array | undefined;
      for (const [index, begin] of cuts.slice(0, -1).entries()) {
        const own = dense(m, n, cuts[index + 1]! - begin);
        const part: Record<string, Float32Array> = {
          a: Float32Array.from(
            { length: m * own.k },
            (_, at) => inputs.a![Math.floor(at / own.k) * whole.k + begin + at % own.k]!,
          ),
          b: inputs.b!.slice(begin * n, cuts[index + 1]! * n),
        };
        if (!result) {
          result = await resultOf(own, part);
        } else {
          const oracle = matmulReference(
            { ...own, continued: true },
            part.a!,
            part.b!,
            undefined,
            Float64Array.from(result),
          );
          result = await resultOf({ ...own, continued: true }, { ...part, result });
          expectClose(result, oracle, 1e-5);
        }
      }
      expect(result).toEqual(wanted);
    },
  );

  it("takes the variant for any sizes", () => {
    expect(matmulVariants({ ...dense(16, 16, 16), continued: true })).toEqual(["general"]);
  });
});

describe("a batched product with strides", () => {
  // Queries and keys of 2 texts and 3 heads as they lie after a projection: [text, token, head * size].
  const [texts, heads, tokens] = [2, 3, 5];
  const scores = (size: number): MatmulShape => {
    const own: FactorLayout = {
      transposed: false,
      stride: heads * size,
      batchStrides: [tokens * heads * size, size],
    };
    return {
      m: tokens,
      n: tokens,
      k: size,
      batch: [texts, heads],
      a: own,
      b: { ...own, transposed: true },
      result: { stride: tokens, batchStrides: [heads * tokens * tokens, tokens * tokens] },
    };
  };

  it.each([3, 8])("needs no copies of heads of size %i", async (size) => {
    await expectProduct(scores(size));
  });

  it("reads heads and texts out of one texture", async () => {
    // 4 heads of 16 are rows of 64 elements.
    const own: FactorLayout = { transposed: false, stride: 64, batchStrides: [tokens * 64, 16] };
    const result = { stride: 8, batchStrides: [4 * tokens * 8, tokens * 8] as const };
    const shape: MatmulShape = {
      m: tokens,
      n: 8,
      k: 16,
      batch: [texts, 4],
      a: own,
      b: { ...own, transposed: true },
      result,
    };
    // Of the 8 columns the last 3 are the next text's tokens; so every factor has 3 rows more than its texts.
    const longer = { ...shape, b: { ...shape.b, batchStrides: [0, 16] as const } };
    await expectProduct({ ...longer, variant: "textures" });
  });

  it("uses textures only where rows can be copied into them", () => {
    const wide = dense(64, 64, 64, { batch: [2, 3] });
    expect(matmulVariants(wide)).toContain("textures");
    expect(matmulVariants(dense(64, 64, 32))).not.toContain("textures");
    expect(matmulVariants(dense(8193, 64, 64))).not.toContain("textures");
    // Matrices side by side would end beyond their row.
    expect(matmulVariants({ ...wide, a: { ...wide.a, batchStrides: [32, 0] } })).not.toContain("textures");
  });

  it("leaves alone what lies between the rows of its result", async () => {
    // The second head's columns only.
    const shape: MatmulShape = {
      ...dense(4, 8, 4),
      result: { stride: 24, batchStrides: [0, 0] },
    };
    const wide = await expectProduct(shape);
    expect([...wide.subarray(8, 24)]).toEqual(Array(16).fill(0));
  });

  it("shares one matrix where its batch stride is 0", async () => {
    const shape = dense(4, 4, 4, { batch: [3, 1] });
    await expectProduct({ ...shape, b: { ...shape.b, batchStrides: [0, 0] } });
  });
});

describe("a product of factors that are stored as float16", () => {
  /** The shape with rows of halves as `packHalf` lays them out, and each factor as that, and as the numbers that it then stands for. */
  async function halved(shape: MatmulShape) {
    const { m, n, k } = shape;
    const stored = { a: [m, k], b: [k, n] } as const;
    const packing = (name: "a" | "b") => {
      const { transposed } = shape[name];
      const [rows, columns] = transposed ? [stored[name][1], stored[name][0]] : stored[name];
      return { rows, columns, stride: halfStride(columns) };
    };
    const factor = async (name: "a" | "b") => {
      const own = packing(name);
      const values = normalRows(own.rows, own.columns, 1, name);
      const [halves] = await runOnArrays(gpu, packHalf.plan(own, gpu.device.limits), { values });
      // To the end of the last row, which is what a product wants.
      const words = new Uint32Array(halves!).subarray(0, ((own.rows - 1) * own.stride + own.columns) / 2);
      return { words, numbers: Float64Array.from(new Uint16Array(halves!), unpackHalfReference) };
    };
    const layout = (name: "a" | "b") => ({ ...shape[name], stride: packing(name).stride });
    const half: MatmulShape = { ...shape, a: layout("a"), b: layout("b"), stored: "float16" };
    return { half, a: await factor("a"), b: await factor("b") };
  }

  it.each(LAYOUTS)(
    "is the product of the rounded ones in float32, with a stored transposed: %s, b: %s",
    async (ta, tb) => {
      for (const [m, n, k, bias] of [[5, 8, 12, false], [36, 4, 36, true], [64, 132, 68, true]] as const) {
        if (ta && m % 4 !== 0) continue;
        const { half, a, b } = await halved(dense(m, n, k, { transposed: [ta, tb], bias }));
        const shift = normalRows(1, n, 1, "bias");
        const inputs = { a: a.words, b: b.words, ...(bias ? { bias: shift } : {}) };
        const run = async () =>
          new Float32Array((await runOnArrays(gpu, matmul.plan(half, gpu.device.limits), inputs))[0]!);
        const actual = await run();
        const wanted = matmulReference(half, a.numbers, b.numbers, bias ? shift : undefined, new Float64Array(m * n));
        expectClose(actual, wanted, 4e-7 * Math.sqrt(k) * 4 + 1e-6);
        expect(await run()).toEqual(actual);
      }
    },
  );

  it("shows what the rounding does, and a number beyond the range as the largest", async () => {
    const plain = dense(4, 4, 4, { transposed: [false, true] });
    const { half } = await halved(plain);
    const product = async (x: number) => {
      const pack = (values: Float32Array) =>
        runOnArrays(gpu, packHalf.plan({ rows: 4, columns: 4 }, gpu.device.limits), { values });
      const [[a], [b]] = await Promise.all([pack(new Float32Array(16).fill(x)), pack(new Float32Array(16).fill(1))]);
      const ends = (buffer: ArrayBuffer) => new Uint32Array(buffer).subarray(0, (3 * 128 + 4) / 2);
      const [result] = await runOnArrays(gpu, matmul.plan(half, gpu.device.limits), { a: ends(a!), b: ends(b!) });
      return new Float32Array(result!)[0]!;
    };
    expect(await product(1 + 2 ** -11)).toBe(4);
    // A device may read a subnormal as 0.
    expect([0, 2 ** -22]).toContain(await product(2 ** -24));
    expect(await product(1e5)).toBe(4 * 65504);
    expect(await product(Infinity)).toBe(Infinity);
    expect(await product(NaN)).toBeNaN();
  });

  it("reads heads and texts out of one texture, and rows in turn", async () => {
    // As for float32 above, 4 heads of 16 would be rows of 64; here 8 of them are.
    const shape: MatmulShape = {
      ...dense(8, 8, 16, { batch: [1, 8] }),
      a: { transposed: false, stride: 128, batchStrides: [0, 16] },
      b: { transposed: true, stride: 128, batchStrides: [0, 16] },
      stored: "float16",
    };
    const pack = async (key: string) => {
      const values = normalRows(8, 128, 1, key);
      const [halves] = await runOnArrays(gpu, packHalf.plan({ rows: 8, columns: 128 }, gpu.device.limits), { values });
      return {
        words: new Uint32Array(halves!),
        numbers: Float64Array.from(new Uint16Array(halves!), unpackHalfReference),
      };
    };
    const [a, b] = [await pack("a"), await pack("b")];
    const [heads] = await runOnArrays(gpu, matmul.plan(shape, gpu.device.limits), { a: a.words, b: b.words });
    expectClose(
      new Float32Array(heads!),
      matmulReference(shape, a.numbers, b.numbers, undefined, new Float64Array(512)),
      1e-5,
    );
    // Rows 0, 2, 4, 6 and 1, 3, 5, 7 of one factor: the way to hold more rows than a texture has.
    const inTurn: MatmulShape = {
      ...dense(4, 8, 128, { batch: [1, 2] }),
      a: { transposed: false, stride: 256, batchStrides: [0, 128] },
      b: { transposed: true, stride: 128, batchStrides: [0, 0] },
      result: { stride: 16, batchStrides: [0, 8] },
      stored: "float16",
    };
    const [rows] = await runOnArrays(gpu, matmul.plan(inTurn, gpu.device.limits), { a: a.words, b: b.words });
    const plain: MatmulShape = {
      ...dense(8, 8, 128),
      a: { ...inTurn.a, stride: 128, batchStrides: [0, 0] },
      b: inTurn.b,
    };
    const wanted = matmulReference(plain, a.numbers, b.numbers, undefined, new Float64Array(64));
    expectClose(new Float32Array(rows!), wanted, 4e-5);
  });

  it("takes half the room, and no other variant", () => {
    const shape = { ...dense(64, 64, 128, { transposed: [false, true] }), stored: "float16" } as const;
    expect(matmulVariants(shape)).toEqual(["textures"]);
    const { inputs, textures } = matmul.plan(shape, limitsOf(gpu));
    expect(inputs.map(({ bytes }) => bytes)).toEqual([64 * 128 * 2, 64 * 128 * 2]);
    expect(textures!.map(({ format, rowBytes }) => [format, rowBytes])).toEqual(Array(2).fill(["rgba16float", 256]));
    expect(() => matmul.plan({ ...shape, variant: "tiled" }, limitsOf(gpu))).toThrow(
      "matmul: variant tiled cannot read float16; use textures",
    );
  });

  it.each([[64, 64, 64], [8193, 64, 128], [64, 2, 128], [64, 64, 126]])("is refused at %i x %i x %i", (m, n, k) => {
    const shape = { ...dense(m, n, k, { transposed: [false, true] }), stored: "float16" } as const;
    expect(matmulVariants(shape)).toEqual([]);
    expect(() => matmul.plan(shape, limitsOf(gpu))).toThrow(
      "matmul: factors that are stored as float16 need n, k and all strides to be multiples of 4, their own strides multiples of 128, " +
        "and at most 8192 rows",
    );
  });
});

describe("the plan of a product", () => {
  it("gives only the general variant where vec4 cannot be read", () => {
    expect(matmulVariants(dense(5, 8, 12))).toEqual(ALIGNED);
    expect(matmulVariants(dense(5, 8, 11))).toEqual(["general"]);
    expect(matmulVariants(dense(5, 2, 12))).toEqual(["general"]);
    const odd = dense(4, 4, 4, { batch: [2, 1] });
    expect(matmulVariants({ ...odd, a: { ...odd.a, batchStrides: [17, 17] } })).toEqual(["general"]);
  });

  it.each([
    [{ ...dense(0, 4, 4) }, "matmul: m is 0; it must be an integer of at least 1"],
    [{ ...dense(4, 4, 4), batch: [1, 0] as const }, "matmul: batch[1] is 0; it must be an integer of at least 1"],
    [
      { ...dense(4, 4, 4), a: { transposed: false, stride: 3, batchStrides: [0, 0] as const } },
      "matmul: a.stride is 3; it must be an integer of at least 4",
    ],
    [
      dense(4, 5, 4, { variant: "tiled" }),
      "matmul: variant tiled needs n, k and all strides to be multiples of 4; use general",
    ],
    [
      dense(4, 8, 4, { variant: "textures" }),
      "matmul: variant textures cannot hold these factors; use tiled or blocks or general",
    ],
  ])("refuses what it cannot do", (shape, message) => {
    expect(() => matmul.plan(shape, gpu.device.limits)).toThrow(message);
  });

  it("refuses a matrix over the binding limit, with the numbers", () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 1024 };
    expect(() => matmul.plan(dense(4, 4, 100), limits)).toThrow(
      "matmul: a takes 1600 bytes; this device binds at most 1024 at once",
    );
  });
});

function limitsOf({ device: { limits } }: Gpu): KernelLimits {
  return {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    minStorageBufferOffsetAlignment: limits.minStorageBufferOffsetAlignment,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
  };
}
