import { beforeAll, describe, expect, it } from "vitest";
import { adamw, BLOCK } from "../../kernels/adamw/adamw.ts";
import { adamwReference, type AdamWSettings } from "../../kernels/adamw/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

const settings: AdamWSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, clip: 1 };

async function steps(length: number, count: number, chosen: AdamWSettings, gradientScale: number) {
  const decayMask = Uint32Array.from({ length: length / BLOCK }, (_, block) => block % 2);
  let state = [normalRows(1, length, 1, "p"), new Float32Array(length), new Float32Array(length)];
  const oracle = {
    parameters: Float64Array.from(state[0]!),
    firstMoment: new Float64Array(length),
    secondMoment: new Float64Array(length),
  };
  let norms: number[] = [];
  let wantedNorm = 0;
  for (let step = 1; step <= count; step++) {
    const gradient = normalRows(1, length, gradientScale, `g${step}`);
    const lr = 0.01 / step;
    const plan = adamw.plan({ length, settings: chosen, lr, step }, gpu.device.limits);
    const results = await runOnArrays(gpu, plan, {
      parameters: state[0]!,
      first_moment: state[1]!,
      second_moment: state[2]!,
      gradient,
      decay_mask: decayMask,
    });
    state = results.slice(0, 3).map((buffer) => new Float32Array(buffer));
    norms = [...new Float32Array(results[3]!)];
    const decays = (index: number) => decayMask[Math.floor(index / BLOCK)] === 1;
    wantedNorm = adamwReference(oracle, gradient, decays, chosen, lr, step);
  }
  return { state, oracle, norms, wantedNorm };
}

describe("AdamW", () => {
  it.each([[64, 1], [640, 3], [64 * 200, 2]])(
    "agrees with the oracle: %i parameters, %i steps",
    async (length, count) => {
      for (const scale of [1e-4, 1, 50]) {
        const { state, oracle, norms, wantedNorm } = await steps(length, count, settings, scale);
        expectClose(state[0]!, oracle.parameters, 3e-6, "parameter");
        expect(norms[0]! / wantedNorm).toBeCloseTo(1, 5);
        expect(norms[1]! / Math.min(1, 1 / (wantedNorm + 1e-6))).toBeCloseTo(1, 5);
      }
    },
  );

  it("does not clip where the limit is 0", async () => {
    const { state, oracle, norms } = await steps(128, 2, { ...settings, clip: 0 }, 50);
    expectClose(state[0]!, oracle.parameters, 3e-6);
    expect(norms[1]).toBe(1);
  });

  it("lets decay act where the mask says, and nowhere else", async () => {
    const length = 128;
    const parameters = new Float32Array(length).fill(2);
    const plan = adamw.plan({ length, settings, lr: 0.5, step: 1 }, gpu.device.limits);
    const [moved] = await runOnArrays(gpu, plan, { parameters, decay_mask: Uint32Array.from([0, 1]) });
    const values = new Float32Array(moved!);
    expectClose(values.subarray(0, 64), new Array(64).fill(2), 1e-30);
    expectClose(values.subarray(64), new Array(64).fill(2 * (1 - 0.5 * 0.1)), 1e-6);
  });

  it("shows a gradient that is not finite in every parameter", async () => {
    const gradient = new Float32Array(64);
    gradient[5] = NaN;
    const plan = adamw.plan({ length: 64, settings, lr: 0.1, step: 1 }, gpu.device.limits);
    const [moved] = await runOnArrays(gpu, plan, { parameters: new Float32Array(64), gradient });
    expect(new Float32Array(moved!).every(Number.isNaN)).toBe(true);
  });

  it("refuses a length that is not a multiple of its block", () => {
    expect(() => adamw.plan({ length: 100, settings, lr: 0.1, step: 1 }, gpu.device.limits)).toThrow(/length \/ 64/);
  });
});
