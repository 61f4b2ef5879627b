import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { adamw, ADAMW_STATE, BLOCK, segmentBuffer } from "../../kernels/adamw/adamw.ts";
import {
  adamwReference,
  type AdamWSettings,
  type LearningRate,
  learningRateAt,
} from "../../kernels/adamw/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

const settings: AdamWSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, clip: 1 };
const rate: LearningRate = { base: 0.01, rising: 2, steps: 9 };

interface Training {
  readonly length: number;
  readonly settings?: AdamWSettings;
  readonly rate?: LearningRate;
  /** One for each step. */
  readonly gradients: readonly Float32Array[];
  readonly limits?: KernelLimits;
}

type Values = Float32Array<ArrayBuffer>;
type StateWords = Record<(typeof ADAMW_STATE)[number], number>;

/** Decay acts on every third block, so that no two tiles of a power of two are alike. */
const decayMask = (length: number) =>
  Uint32Array.from({ length: length / BLOCK }, (_, block) => (block % 3 === 1 ? 1 : 0));

/** Steps of the kernel, its outputs given back to it. */
async function trained({ length, gradients, limits = gpu.device.limits, ...chosen }: Training) {
  const plan = adamw.plan({ segments: [length], settings, rate, ...chosen }, limits);
  let outputs: Float32Array[] = [
    normalRows(1, length, 1, "p"),
    new Float32Array(length),
    new Float32Array(length),
    new Float32Array(8),
  ];
  for (const gradient of gradients) {
    const [parameters, first_moment, second_moment, state] = outputs as [Values, Values, Values, Values];
    const given = { decay_mask: decayMask(length), gradient, parameters, first_moment, second_moment, state };
    outputs = (await runOnArrays(gpu, plan, given)).map((buffer) => new Float32Array(buffer));
  }
  const [parameters, firstMoment, secondMoment, state] = outputs as [Values, Values, Values, Values];
  const words = Object.fromEntries(ADAMW_STATE.map((name, word) => [name, state[word]!])) as StateWords;
  return { parameters, firstMoment, secondMoment, state: words };
}

/** The same of the oracle. */
function wanted({ length, gradients, ...chosen }: Training) {
  const own = { settings, rate, ...chosen };
  const oracle = {
    parameters: Float64Array.from(normalRows(1, length, 1, "p")),
    firstMoment: new Float64Array(length),
    secondMoment: new Float64Array(length),
  };
  const mask = decayMask(length);
  let norm = 0;
  gradients.forEach((gradient, done) => {
    const decays = (index: number) => mask[Math.floor(index / BLOCK)] === 1;
    norm = adamwReference(oracle, gradient, decays, own.settings, learningRateAt(own.rate, done), done + 1);
  });
  return { ...oracle, norm };
}

const gradientsOf = (length: number, count: number, scale: number) =>
  Array.from({ length: count }, (_, step) => normalRows(1, length, scale, `g${step}`));

/** Parameters are of up to 4, whose float32 neighbours are 2.4e-7 to 4.8e-7 apart; they are rounded twice a step. */
const STEP_TOLERANCE = 1e-6;

describe("AdamW", () => {
  it("agrees with the oracle, over random lengths, steps, gradients, limits of the norm and schedules", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(1e-4, 1, 50),
        fc.constantFrom(0, 1),
        fc.constantFrom(rate, { base: 0.02 }),
        async (blocks, count, scale, clip, own) => {
          const length = blocks * BLOCK;
          const training = {
            length,
            settings: { ...settings, clip },
            rate: own,
            gradients: gradientsOf(length, count, scale),
          };
          const [actual, oracle] = [await trained(training), wanted(training)];
          expectClose(actual.parameters, oracle.parameters, STEP_TOLERANCE, "parameter");
          // Gradients of either sign cancel in the first moment, so what it is made of counts; the second has no signs.
          const size = clip === 0 ? scale : Math.min(1, scale);
          const ofFirst = (index: number) => 1e-6 * (Math.abs(oracle.firstMoment[index]!) + size);
          expectClose(actual.firstMoment, oracle.firstMoment, ofFirst, "first moment");
          const ofSecond = (index: number) => 2e-6 * oracle.secondMoment[index]! + 1e-30;
          expectClose(actual.secondMoment, oracle.secondMoment, ofSecond, "second moment");
          expect(actual.state.norm / oracle.norm).toBeCloseTo(1, 6);
          const coefficient = clip === 0 ? 1 : Math.min(1, 1 / (oracle.norm + 1e-6));
          expect(actual.state.coefficient / coefficient).toBeCloseTo(1, 6);
          expect(actual.state.step).toBe(count);
        },
      ),
      { numRuns: 8 },
    );
  });

  it("agrees with it where a workgroup of the norm takes more than one round", async () => {
    const length = 64 * 9001;
    const gradients = [Float32Array.from({ length }, (_, index) => (index % 1013) / 1013 - 0.3)];
    const [actual, oracle] = [await trained({ length, gradients }), wanted({ length, gradients })];
    expectClose(actual.parameters, oracle.parameters, STEP_TOLERANCE, "parameter");
    expect(actual.state.norm / oracle.norm).toBeCloseTo(1, 6);
  });

  it("gives the same to the bit each time", async () => {
    const training = { length: 64 * 500, gradients: gradientsOf(64 * 500, 2, 1) };
    expect(await trained(training)).toEqual(await trained(training));
  });

  it("lets decay act where the mask says, and nowhere else", async () => {
    const { parameters } = await trained({ length: 128, rate: { base: 0.5 }, gradients: [new Float32Array(128)] });
    const before = normalRows(1, 128, 1, "p");
    expect(parameters.subarray(0, 64)).toEqual(before.subarray(0, 64));
    expectClose(parameters.subarray(64), before.subarray(64).map((value) => value * (1 - 0.5 * 0.1)), 1e-6);
  });
});

describe("what AdamW counts on the GPU", () => {
  /** The state that a step leaves which begins after `done` others. */
  async function after(done: number, chosen: Partial<AdamWSettings>, own: LearningRate): Promise<StateWords> {
    const plan = adamw.plan({ segments: [BLOCK], settings: { ...settings, ...chosen }, rate: own }, gpu.device.limits);
    const state = new Float32Array(ADAMW_STATE.length);
    state[ADAMW_STATE.indexOf("step")] = done;
    const results = await runOnArrays(gpu, plan, { gradient: new Float32Array(BLOCK), state });
    const words = new Float32Array(results.at(-1)!);
    return Object.fromEntries(ADAMW_STATE.map((name, word) => [name, words[word]!])) as StateWords;
  }

  it.each([0, 1, 2, 9, 99, 999, 1999, 100_000])("corrects the moments to 1e-6 after %i steps", async (done) => {
    for (const [beta1, beta2] of [[0.9, 0.999], [0, 0.9999], [0.5, 0.99]] as const) {
      const { inverse_c1, inverse_root_c2, step } = await after(done, { beta1, beta2 }, rate);
      expect(step).toBe(done + 1);
      expect(Math.abs(inverse_c1 * (1 - beta1 ** step) - 1)).toBeLessThan(1e-6);
      expect(Math.abs(inverse_root_c2 * Math.sqrt(-Math.expm1(step * Math.log(beta2))) - 1)).toBeLessThan(1e-6);
    }
  });

  it.each([
    { base: 3e-5, rising: 35, steps: 350 },
    { base: 1, rising: 4, steps: 4 },
    { base: 0.1, rising: 0, steps: 7 },
    { base: 0.1, rising: 1234, steps: 1_234_567 },
    { base: 0.25 },
  ])("follows the schedule $base, $rising, $steps to 1e-6", async (own) => {
    const { rising = 0, steps = 1000 } = own;
    for (const step of [0, 1, rising, rising + 1, Math.floor(steps * 0.7), steps - 1, steps, steps + 5]) {
      const lr = learningRateAt(own, step);
      expect(Math.abs((await after(step, {}, own)).lr - lr)).toBeLessThanOrEqual(1e-6 * lr);
    }
  });
});

describe("a gradient that is not finite", () => {
  // The square of 1e20 is beyond float32.
  it.each([NaN, Infinity, -Infinity, 1e20])("freezes all from its step on: %f", async (poison) => {
    const length = 640;
    const good = gradientsOf(length, 2, 1);
    const bad = normalRows(1, length, 1, "bad");
    bad[333] = poison;
    const before = await trained({ length, gradients: good });
    const frozen = await trained({ length, gradients: [...good, bad] });
    const later = await trained({ length, gradients: [...good, bad, good[0]!, good[1]!] });
    for (const { parameters, firstMoment, secondMoment, state } of [frozen, later]) {
      expect(parameters).toEqual(before.parameters);
      expect(firstMoment).toEqual(before.firstMoment);
      expect(secondMoment).toEqual(before.secondMoment);
      expect([state.frozen, state.step, state.live]).toEqual([3, 3, 0]);
      expect(Number.isFinite(state.norm)).toBe(false);
    }
    expect([before.state.frozen, before.state.live]).toEqual([0, 1]);
  });
});

describe("AdamW over buffers that no binding holds", () => {
  const limits = (maxStorageBufferBindingSize: number) => ({
    maxStorageBufferBindingSize,
    maxBufferSize: 2 ** 28,
    minStorageBufferOffsetAlignment: 256,
    maxComputeWorkgroupsPerDimension: 65535,
  });

  it.each([16_384, 32_768])("gives the same without a seam: %i bytes a binding", async (bytes) => {
    const length = 64 * 150;
    const training = { length, gradients: gradientsOf(length, 2, 0.01) };
    for (const clip of [0, 1]) {
      const [whole, tiled] = [
        await trained({ ...training, settings: { ...settings, clip } }),
        await trained({ ...training, settings: { ...settings, clip }, limits: limits(bytes) }),
      ];
      // The norm's sums are cut otherwise; without clipping nothing depends on it.
      if (clip === 0) expect(tiled.parameters).toEqual(whole.parameters);
      else expectClose(tiled.parameters, whole.parameters, STEP_TOLERANCE);
      expect(tiled.state.norm / whole.state.norm).toBeCloseTo(1, 6);
    }
  });

  it("gives the same in segments with buffers of their own", async () => {
    const segments = [640, 64, 320];
    const length = segments.reduce((sum, each) => sum + each, 0);
    const [gradient] = gradientsOf(length, 1, 1);
    const whole = await trained({ length, gradients: [gradient!] });
    const plan = adamw.plan({ segments, settings, rate }, gpu.device.limits);
    const inputs: Record<string, Float32Array | Uint32Array> = {};
    const parameters = normalRows(1, length, 1, "p");
    let begin = 0;
    segments.forEach((own, segment) => {
      inputs[segmentBuffer("gradient", segment)] = gradient!.subarray(begin, begin + own);
      inputs[segmentBuffer("parameters", segment)] = parameters.subarray(begin, begin + own);
      inputs[segmentBuffer("decay_mask", segment)] = decayMask(length).subarray(begin / BLOCK, (begin + own) / BLOCK);
      begin += own;
    });
    const results = await runOnArrays(gpu, plan, inputs);
    const moved = results.slice(0, 3).flatMap((buffer) => [...new Float32Array(buffer)]);
    expectClose(moved, whole.parameters, STEP_TOLERANCE);
  });

  it.each(
    [
      [[100], {}, "length / 64 is 1.5625; it must be an integer of at least 1"],
      [[32], {}, "length is 32; it must be an integer of at least 64"],
      [[], {}, "the number of segments is 0; it must be an integer of at least 1"],
      [
        [2 ** 27],
        {},
        "a segment of 134217728 elements takes 536870912 bytes; this device's buffers hold at most " +
        "268435456",
      ],
      [[64], { steps: 0 }, "the number of steps of the schedule is 0; it must be an integer of at least 1"],
      [[64], { steps: 2 ** 24 + 1 }, "a schedule of 16777217 steps; float32 counts to 16777216"],
    ] as const,
  )("refuses segments of %o, with a schedule of %o", (segments, schedule, message) => {
    const shape = { segments, settings, rate: { base: 1, ...schedule } };
    expect(() => adamw.plan(shape, limits(2 ** 27))).toThrow(new KernelError("adamw", message));
  });
});
