import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { crossEntropy, crossEntropyGradient } from "../../kernels/cross_entropy/cross_entropy.ts";
import { crossEntropyReference } from "../../kernels/cross_entropy/reference.ts";
import { softmaxReference } from "../../kernels/softmax/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { random } from "../../src/random.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

interface Case {
  readonly logits: Float32Array;
  /** Classes, or with as many as there are logits distributions. */
  readonly targets: Int32Array | Float32Array;
  readonly classes: number;
  readonly classWeights?: Float32Array;
  readonly smoothing?: number;
}

/** Loss and gradient; the latter for an upstream gradient of 1 unless another is given. */
async function both(given: Case, limits: KernelLimits = gpu.device.limits, upstream = 1) {
  const { logits, targets, classes, classWeights, smoothing } = given;
  const shape = {
    rows: logits.length / classes,
    classes,
    soft: targets instanceof Float32Array,
    weighted: classWeights !== undefined,
    ...(smoothing === undefined ? {} : { smoothing }),
  };
  const inputs = { logits, targets, ...(classWeights ? { class_weights: classWeights } : {}) };
  const [loss, divisor, rowStates] = (await runOnArrays(gpu, crossEntropy.plan(shape, limits), inputs))
    .map((each) => new Float32Array(each));
  const [gradient] = await runOnArrays(gpu, crossEntropyGradient.plan(shape, limits), {
    ...inputs,
    divisor: divisor!,
    row_states: rowStates!,
    upstream: Float32Array.of(upstream),
  });
  return { loss: loss![0]!, divisor: divisor![0]!, rowStates: rowStates!, gradient: new Float32Array(gradient!) };
}

function oracleOf({ logits, targets, classes, classWeights, smoothing }: Case) {
  return crossEntropyReference(
    rowsOf(logits, classes),
    targets instanceof Float32Array ? rowsOf(targets, classes) : targets,
    { ...(classWeights ? { classWeights } : {}), ...(smoothing === undefined ? {} : { smoothing }) },
  );
}

async function expectOracle(given: Case, limits?: KernelLimits) {
  const wanted = oracleOf(given);
  const { loss, divisor, gradient } = await both(given, limits);
  expectClose([loss], [wanted.loss], 3e-6 * Math.max(1, wanted.loss), "loss");
  expectClose([divisor], [wanted.divisor], 1e-6 * wanted.divisor, "divisor");
  // A row's gradient is as large as its part of the mean.
  const largest = wanted.gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expectClose(gradient, wanted.gradient, 1e-9 + 5e-6 * largest, "gradient");
}

/** Targets of which each fourth is ignored. */
function targetsOf(rows: number, classes: number): Int32Array {
  const from = random("targets", rows, classes);
  return Int32Array.from({ length: rows }, (_, row) => (row % 4 === 2 ? -100 : from.below(classes)));
}

function softOf(rows: number, classes: number): Float32Array {
  return Float32Array.from(rowsOf(normalRows(rows, classes, 2, "soft"), classes).flatMap(softmaxReference));
}

const weightsOf = (classes: number) => Float32Array.from({ length: classes }, (_, column) => 0.3 + (column % 5) / 2);

/** Every way to state the targets. */
function casesOf(rows: number, classes: number): [string, Case][] {
  const logits = normalRows(rows, classes, 4);
  const hard = { logits, classes, targets: targetsOf(rows, classes) };
  const soft = { logits, classes, targets: softOf(rows, classes) };
  const classWeights = weightsOf(classes);
  return [hard, soft].flatMap((given, kind): [string, Case][] => {
    const what = ["classes", "distributions"][kind];
    return [
      [what!, given],
      [`${what}, smoothed`, { ...given, smoothing: 0.1 }],
      [`${what}, weighted`, { ...given, classWeights }],
      [`${what}, weighted and smoothed`, { ...given, classWeights, smoothing: 0.3 }],
    ];
  });
}

describe("cross-entropy", () => {
  // 36 classes have a short block, 300 several parts, 5001 merges of merges in one row.
  it.each([[1, 1], [1, 2], [70, 2], [5, 12], [9, 36], [3, 129], [40, 300], [1, 5001]])(
    "agrees with the oracle at [%i, %i], however targets are stated",
    async (rows, classes) => {
      for (const [what, given] of casesOf(rows, classes)) {
        await expectOracle(given).catch((thrown) => {
          throw new Error(`${what}: ${thrown.message}`);
        });
      }
    },
  );

  it("agrees with the oracle at any shape", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 7 }),
        async (rows, classes, which) => await expectOracle(casesOf(rows, classes)[which]![1]),
      ),
      { numRuns: 12 },
    );
  });

  it("agrees with the oracle at the width of a large vocabulary", async () => {
    const classes = 250_002;
    const given = { logits: normalRows(2, classes, 3), targets: Int32Array.of(classes - 1, 17), classes };
    await expectOracle(given);
    await expectOracle({ ...given, smoothing: 0.1 });
  });

  it("is what it is known to be", async () => {
    // Equal logits: log C, whatever the target and the smoothing.
    const equal = { logits: new Float32Array(12).fill(3), targets: Int32Array.of(0, 1, 3), classes: 4 };
    for (const smoothing of [0, 0.5, 1]) {
      expect((await both({ ...equal, smoothing })).loss).toBeCloseTo(Math.log(4), 6);
    }
    // p = (3/4, 1/4): the classes' losses are log 4/3 and log 4.
    const logits = Float32Array.of(Math.log(3), 0, Math.log(3), 0);
    const [sure, unsure] = [Math.log(4 / 3), Math.log(4)];
    const lossOf = async (more: Partial<Case>) =>
      (await both({ logits, classes: 2, targets: Int32Array.of(0, 1), ...more })).loss;
    expect(await lossOf({})).toBeCloseTo((sure + unsure) / 2, 6);
    // A weighted mean divides by the weights of the targets that count.
    const classWeights = Float32Array.of(1, 3);
    expect(await lossOf({ classWeights })).toBeCloseTo((sure + 3 * unsure) / 4, 6);
    expect(await lossOf({ classWeights, targets: Int32Array.of(-100, 1) })).toBeCloseTo(unsure, 6);
    // Smoothing by e: 1-e of the target's loss, and e of the mean over classes, each class by its own weight.
    expect(await lossOf({ smoothing: 0.2, targets: Int32Array.of(0, 0) })).toBeCloseTo(0.9 * sure + 0.1 * unsure, 6);
    expect(await lossOf({ smoothing: 0.2, classWeights, targets: Int32Array.of(1, -1) }))
      .toBeCloseTo((0.8 * 3 * unsure + 0.1 * (sure + 3 * unsure)) / 3, 6);
    // Soft targets: weights count, the divisor is the number of rows.
    const soft = Float32Array.of(0.75, 0.25, 0, 1);
    expect(await lossOf({ targets: soft })).toBeCloseTo((0.75 * sure + 0.25 * unsure + unsure) / 2, 6);
    expect(await lossOf({ targets: soft, classWeights }))
      .toBeCloseTo((0.75 * sure + 0.75 * unsure + 3 * unsure) / 2, 6);
  });

  it("is 0, and its gradient too, where no row counts", async () => {
    const logits = normalRows(40, 5);
    for (
      const more of [
        { targets: new Int32Array(40).fill(-100) },
        { targets: new Int32Array(40).fill(-1), smoothing: 0.1 },
        { targets: new Int32Array(40).fill(2), classWeights: Float32Array.of(1, 1, 0, 1, 1) },
      ]
    ) {
      const { loss, divisor, gradient } = await both({ logits, classes: 5, ...more });
      expect([loss, divisor]).toEqual([0, 0]);
      expect(gradient.every((value) => value === 0)).toBe(true);
    }
  });

  it("reads nothing of an ignored row, and gives it zeros", async () => {
    for (const classes of [6, 130]) {
      const logits = normalRows(3, classes, 2).fill(NaN, classes, 2 * classes);
      const { loss, rowStates, gradient } = await both({ logits, classes, targets: Int32Array.of(0, -100, 1) });
      const others = Float32Array.from([...logits.subarray(0, classes), ...logits.subarray(2 * classes)]);
      const wanted = oracleOf({ logits: others, classes, targets: Int32Array.of(0, 1) });
      expect(Math.abs(loss - wanted.loss)).toBeLessThan(1e-6);
      expect([...rowStates.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
      expect(gradient.subarray(classes, 2 * classes).every((value) => value === 0)).toBe(true);
    }
  });

  it.each([NaN, Infinity])("is NaN where a row that counts holds %f, and so is that row's gradient", async (poison) => {
    for (const classes of [6, 100, 300]) {
      for (const more of [{}, { smoothing: 0.1 }]) {
        const logits = normalRows(3, classes);
        logits[classes + 2] = poison;
        const { loss, gradient } = await both({ logits, classes, targets: Int32Array.of(0, 1, 3), ...more });
        expect(loss).toBeNaN();
        expect(rowsOf(gradient, classes).map((row) => row.filter(Number.isNaN).length)).toEqual([0, classes, 0]);
      }
    }
  });

  it("is NaN where a target is no class", async () => {
    const { loss, gradient } = await both({
      logits: normalRows(3, 6),
      classes: 6,
      targets: Int32Array.of(5, 6, 2 ** 31 - 1),
    });
    expect(loss).toBeNaN();
    expect(rowsOf(gradient, 6).map((row) => row.filter(Number.isNaN).length)).toEqual([0, 6, 6]);
  });

  it("keeps its precision whatever all logits have in common, and how far they lie apart", async () => {
    for (const classes of [7, 200]) {
      const base = normalRows(4, classes, 1).map((x) => Math.round(x * 64) / 64);
      for (
        const [what, logits] of [["shifted", base.map((x) => x + 10_000)], [
          "spread",
          base.map((x) => x * 40),
        ]] as const
      ) {
        for (const smoothing of [0, 0.1]) {
          const given = { logits, classes, targets: targetsOf(4, classes), smoothing };
          const wanted = oracleOf(given);
          const { loss, gradient } = await both(given);
          expect(Math.abs(loss / wanted.loss - 1), what).toBeLessThan(1e-6);
          expectClose(gradient, wanted.gradient, 1e-6, what);
        }
      }
    }
  });

  it("gives masked classes no gradient, and a row that is masked throughout the uniform distribution", async () => {
    for (const classes of [5, 100]) {
      for (const mask of [-1e9, -3.4e38, -Infinity]) {
        const logits = normalRows(2, classes).fill(mask, classes);
        logits[3] = mask;
        const { loss, gradient } = await both({ logits, classes, targets: Int32Array.of(1, 2) });
        const own = crossEntropyReference([logits.subarray(0, classes).map((x) => Math.max(x, -1e9))], [1]);
        expect(Math.abs(loss - (own.loss + Math.log(classes)) / 2)).toBeLessThan(1e-6);
        expect(gradient[3]).toBe(0);
        const uniform = Array.from({ length: classes }, (_, column) => (1 / classes - (column === 2 ? 1 : 0)) / 2);
        expectClose(gradient.subarray(classes), uniform, 1e-7);
        // A soft target that gives the masked class nothing is not touched by the mask.
        const targets = new Float32Array(2 * classes).fill(1 / (classes - 1)).fill(0, 3, 4).fill(0, classes);
        const soft = await both({ logits, classes, targets });
        expect(soft.loss).toBeLessThan(10);
        expect(soft.gradient.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("multiplies its gradient by the upstream one", async () => {
    const given = { logits: normalRows(3, 20), classes: 20, targets: Int32Array.of(0, 19, -5) };
    const { gradient } = await both(given, undefined, -8);
    expect(gradient).toEqual((await both(given)).gradient.map((value) => value === 0 ? 0 : -8 * value));
  });

  it("is the same over tiles of rows as in one, but for the order of parts", async () => {
    for (const classes of [20, 70]) {
      for (const [, given] of casesOf(200, classes)) {
        const limits = limitsWith({ maxStorageBufferBindingSize: 64 * classes * 4 });
        const [tiled, whole] = [await both(given, limits), await both(given)];
        expect(tiled).toEqual(whole);
      }
    }
    const limits = limitsWith({ maxStorageBufferBindingSize: 64 * 300 * 4 });
    for (const [, given] of casesOf(130, 300)) await expectOracle(given, limits);
    expect(crossEntropy.plan({ rows: 200, classes: 70 }, limitsWith({ maxStorageBufferBindingSize: 64 * 70 * 4 })))
      .toMatchObject({ dispatches: { length: 4 * 2 + 2 } });
  });

  it("adds up many rows", async () => {
    await expectOracle({ logits: normalRows(5000, 3), classes: 3, targets: targetsOf(5000, 3) });
  });

  it("spreads workgroups over two dimensions", async () => {
    const limits = limitsWith({ maxComputeWorkgroupsPerDimension: 3 });
    const given = { logits: normalRows(250, 20), classes: 20, targets: targetsOf(250, 20) };
    expect(await both(given, limits)).toEqual(await both(given));
  });

  it("is the same to the bit each time", async () => {
    for (const [, given] of casesOf(50, 300)) expect(await both(given)).toEqual(await both(given));
  });

  it("refuses what it cannot do", () => {
    const { limits } = gpu.device;
    const shape = { rows: 2, classes: 3 };
    for (
      const [kernel, name] of [[crossEntropy, "cross_entropy"], [
        crossEntropyGradient,
        "cross_entropy_gradient",
      ]] as const
    ) {
      const planned = (more: object, own: KernelLimits = limits) => () => kernel.plan({ ...shape, ...more }, own);
      expect(planned({ rows: 0 })).toThrow(`${name}: rows is 0; it must be an integer of at least 1`);
      expect(planned({ classes: -1 })).toThrow(`${name}: classes is -1; it must be an integer of at least 1`);
      expect(planned({ smoothing: 1.5 })).toThrow(`${name}: smoothing is 1.5; it must be between 0 and 1`);
      expect(planned({ smoothing: NaN })).toThrow(`${name}: smoothing is NaN; it must be between 0 and 1`);
      expect(planned({ classes: 64 }, limitsWith({ maxStorageBufferBindingSize: 128 }))).toThrow(
        `${name}: a row takes 256 bytes; this device binds at most 128 at once`,
      );
      expect(planned({ rows: 100 }, limitsWith({ maxStorageBufferBindingSize: 1024 }))).toThrow(
        `${name}: row_states takes 1600 bytes; this device binds at most 1024 at once`,
      );
    }
  });
});

/** The limits of a stranger's device, and small ones besides. */
function limitsWith(smaller: Partial<KernelLimits>): KernelLimits {
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension } = gpu.device.limits;
  return {
    maxStorageBufferBindingSize,
    maxBufferSize,
    maxComputeWorkgroupsPerDimension,
    minStorageBufferOffsetAlignment: 256,
    ...smaller,
  };
}
