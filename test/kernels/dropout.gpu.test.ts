import { beforeAll, describe, expect, it } from "vitest";
import { dropout } from "../../kernels/dropout/dropout.ts";
import { dropoutFactors, threefry } from "../../kernels/dropout/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

async function dropped(values: Float32Array, probability: number, key = { seed: 1, site: 2, step: 3 }) {
  const plan = dropout.plan({ length: values.length, probability, key }, gpu.device.limits);
  return new Float32Array((await runOnArrays(gpu, plan, { values }))[0]!);
}

const ones = (length: number) => new Float32Array(length).fill(1);

describe("dropout", () => {
  it("draws by Threefry-2x32-20, as its authors' test vectors have it", () => {
    expect(threefry([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe]);
    expect(threefry([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0]);
  });

  it.each([1, 2, 7, 1000, 70_001])("agrees with the oracle to the bit for %i elements", async (length) => {
    for (const key of [{ seed: 0, site: 0, step: 1 }, { seed: 0xfffffff0, site: 77, step: 100_000 }]) {
      expect(await dropped(ones(length), 0.1, key)).toEqual(dropoutFactors(length, 0.1, key));
    }
  });

  it("drops the fraction that it is told, and keeps the mean", async () => {
    for (const probability of [0, 0.1, 0.5, 0.9]) {
      const result = await dropped(ones(40_000), probability);
      const zeros = result.filter((value) => value === 0).length / result.length;
      expect(Math.abs(zeros - probability)).toBeLessThan(0.01);
      expect(Math.abs(result.reduce((sum, value) => sum + value, 0) / result.length - 1)).toBeLessThan(0.05);
    }
  });

  it("gives another mask for another seed, site or step", async () => {
    const base = { seed: 5, site: 6, step: 7 };
    const first = await dropped(ones(500), 0.5, base);
    for (const key of [{ ...base, seed: 6 }, { ...base, site: 5 }, { ...base, step: 8 }]) {
      expect(await dropped(ones(500), 0.5, key)).not.toEqual(first);
    }
    expect(await dropped(ones(500), 0.5, base)).toEqual(first);
  });

  it.each([1, -0.1, NaN])("refuses a probability of %f", (probability) => {
    const key = { seed: 0, site: 0, step: 0 };
    expect(() => dropout.plan({ length: 3, probability, key }, gpu.device.limits)).toThrow(
      /must be at least 0 and below 1/,
    );
  });
});
