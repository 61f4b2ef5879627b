import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { accumulate } from "../../kernels/accumulate/accumulate.ts";
import { accumulateReference } from "../../kernels/accumulate/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

/** Addends of these lengths, each at the next multiple of 64 and one block further. */
async function added(lengths: readonly number[], limits: KernelLimits = gpu.device.limits) {
  let end = 0;
  const addends = lengths.map((length, index) => {
    const at = Math.ceil(end / 64) * 64 + 64;
    end = at + length;
    return { at, length, values: normalRows(1, length, 1, index) };
  });
  const sum = normalRows(1, end + 7, 1, "sum");
  const plan = accumulate.plan({ length: sum.length, addends }, limits);
  const inputs = Object.fromEntries(addends.map(({ values }, index) => [`addend_${index}`, values]));
  const [result] = await runOnArrays(gpu, plan, { ...inputs, sum });
  return { actual: new Float32Array(result!), wanted: accumulateReference(sum, addends) };
}

describe("accumulate", () => {
  it("adds each addend where it belongs, and touches nothing else", async () => {
    const length = fc.integer({ min: 1, max: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(length, { minLength: 1, maxLength: 4 }), async (lengths) => {
        const { actual, wanted } = await added(lengths);
        expectClose(actual, wanted, 1e-6);
      }),
      { numRuns: 8 },
    );
  });

  it("gives the same in tiles, without a seam", async () => {
    const limits = { ...plainLimits, maxStorageBufferBindingSize: 512 };
    expect(await added([1, 1030, 128, 257], limits)).toEqual(await added([1, 1030, 128, 257]));
  });

  it.each(
    [
      [
        64,
        [{ at: 3, length: 2 }],
        "the place of addend 0, in steps of 64, is 0.046875; it must be an integer of at least 0",
      ],
      [70, [{ at: 64, length: 7 }], "addend 0 ends at 71; the sum has 70 elements"],
      [64, [], "the number of addends is 0; it must be an integer of at least 1"],
      [64, [{ at: 0, length: 0 }], "the length of addend 0 is 0; it must be an integer of at least 1"],
    ] as const,
  )("refuses, for a sum of %i, addends %o", (length, addends, message) => {
    expect(() => accumulate.plan({ length, addends }, plainLimits)).toThrow(new KernelError("accumulate", message));
  });
});

const plainLimits: KernelLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  minStorageBufferOffsetAlignment: 256,
  maxComputeWorkgroupsPerDimension: 65535,
};
