import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { dropout as dropoutKernel } from "../../kernels/dropout/dropout.ts";
import { dropoutFactors } from "../../kernels/dropout/reference.ts";
import { layerNorm, residualLayerNorm, rmsNorm } from "../../kernels/layer_norm/layer_norm.ts";
import {
  layerNormGradient,
  residualLayerNormGradient,
  rmsNormGradient,
} from "../../kernels/layer_norm/layer_norm_gradient.ts";
import {
  layerNormGradientReference,
  layerNormReference,
  rmsNormGradientReference,
  rmsNormReference,
} from "../../kernels/layer_norm/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { type KernelLimits, type Plan } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

const kinds = ["layer", "rms", "residual"] as const;
type Kind = typeof kinds[number];

interface Case {
  readonly kind: Kind;
  readonly rows: number;
  readonly columns: number;
  readonly epsilon?: number;
  /** 0: none. Of the residual norm alone. */
  readonly probability?: number;
  /** Values that the rows have; normal ones, unless they are given. */
  readonly values?: Float32Array;
  readonly limits?: KernelLimits;
}

const key = { seed: 0xfffffff0, site: 5, step: 77 };
const forward = { layer: layerNorm, rms: rmsNorm, residual: residualLayerNorm };
const backward = { layer: layerNormGradient, rms: rmsNormGradient, residual: residualLayerNormGradient };

type Arrays = Record<string, Float32Array>;

async function run(plan: Plan, inputs: Arrays): Promise<Arrays> {
  expect(Math.max(...plan.dispatches.map(({ bindings }) => bindings.length))).toBeLessThanOrEqual(8);
  const outputs = await runOnArrays(gpu, plan, inputs);
  return Object.fromEntries(plan.outputs.map(({ name }, index) => [name, new Float32Array(outputs[index]!)]));
}

/** Inputs, outputs and gradients of one case. */
async function bothWays(given: Case) {
  const { kind, rows, columns, epsilon = 1e-5, probability = 0, limits = gpu.device.limits } = given;
  const values = given.values ?? normalRows(rows, columns, 3);
  const [scale, shift] = [normalRows(1, columns, 1, "scale"), normalRows(1, columns, 1, "shift")];
  const [residual, upstream] = [normalRows(rows, columns, 2, "residual"), normalRows(rows, columns, 1, "upstream")];
  const inputs = {
    values,
    scale,
    ...(kind === "rms" ? {} : { shift }),
    ...(kind === "residual" ? { residual } : {}),
  };
  const shape = { rows, columns, dropout: { probability, key } };
  const results = await run(forward[kind].plan({ ...shape, epsilon }, limits), inputs);
  const { moments } = results;
  const source: Arrays = kind === "residual" ? { sum: results.sum! } : { values };
  const gradients = await run(backward[kind].plan(shape, limits), { ...source, moments: moments!, scale, upstream });
  return { values, residual, scale, shift, upstream, epsilon, results, gradients };
}

/** All outputs, to a few units of float32's last place of the terms that make them up. */
async function expectOracle(given: Case) {
  const { kind, columns, rows, probability = 0 } = given;
  const { values, residual, scale, shift, upstream, epsilon, results, gradients } = await bothWays(given);
  const factors = dropoutFactors(values.length, probability, key);
  const source = kind === "residual" ? values.map((x, index) => residual[index]! + x * factors[index]!) : values;
  if (kind === "residual") expectClose(results.sum!, source, (index) => 2e-7 * Math.abs(source[index]!) + 1e-6, "sum");

  // The gradient is that of the sum as it was handed over, which has its own rounding.
  const handed = rowsOf(results.sum ?? values, columns);
  const upstreamRows = rowsOf(upstream, columns);
  const scaleWanted = new Float64Array(columns);
  const scaleTerms = new Float64Array(columns);
  const shiftWanted = new Float64Array(columns);
  const shiftTerms = new Float64Array(columns);
  const wanted: number[] = [];
  const wantedGradient: number[] = [];
  const gradientTerms: number[] = [];
  handed.forEach((row, index) => {
    const g = upstreamRows[index]!;
    wanted.push(
      ...(kind === "rms" ? rmsNormReference(row, scale, epsilon) : layerNormReference(row, scale, shift, epsilon)),
    );
    const { gradient, scale: ofScale, shift: ofShift } = kind === "rms"
      ? { ...rmsNormGradientReference(row, scale, epsilon, g), shift: g }
      : layerNormGradientReference(row, scale, epsilon, g);
    wantedGradient.push(...gradient);
    const inverse = results.moments![index * 3 + 2]!;
    gradientTerms.push(inverse * Math.max(...g.map((each, column) => Math.abs(each * scale[column]!))));
    for (let column = 0; column < columns; column++) {
      scaleWanted[column]! += ofScale[column]!;
      scaleTerms[column]! += Math.abs(ofScale[column]!);
      shiftWanted[column]! += ofShift[column]!;
      shiftTerms[column]! += Math.abs(ofShift[column]!);
    }
  });
  const root = Math.sqrt(columns);
  expectClose(results.result!, wanted, (index) => 2e-6 * (1 + Math.abs(wanted[index]!)), "result");
  expectClose(
    gradients.gradient!,
    wantedGradient,
    (index) => 1e-6 * gradientTerms[Math.floor(index / columns)]! * Math.min(root, 10) + 1e-30,
    "gradient",
  );
  expectClose(gradients.scale_gradient!, scaleWanted, (index) => 2e-6 * (scaleTerms[index]! + 1), "scale's gradient");
  expect("shift_gradient" in gradients).toBe(kind !== "rms");
  if (kind !== "rms") {
    expectClose(
      gradients.shift_gradient!,
      shiftWanted,
      (index) => 1e-6 * shiftTerms[index]! + 1e-30,
      "shift's gradient",
    );
  }
  expect("values_gradient" in gradients).toBe(probability > 0);
  expect(results.moments!.length).toBe(rows * 3);
  return { results, gradients };
}

const shapes = [
  [1, 1],
  [3, 1],
  [1, 4],
  [70, 2],
  [5, 7],
  [9, 36],
  [70, 12],
  [65, 20],
  [130, 24],
  [300, 32],
  [33, 65],
  [6, 128],
  [37, 132],
  [20, 256],
  [3, 1001],
  [2, 4100],
] as const;

describe.each(kinds)("%s norm", (kind) => {
  it.each(shapes)("and its gradient agree with the oracle at [%i, %i]", async (rows, columns) => {
    await expectOracle({ kind, rows, columns });
  });

  it("and its gradient agree on any shape, with any mean, spread and epsilon", async () => {
    const cases = fc.record({
      rows: fc.integer({ min: 1, max: 45 }),
      columns: fc.oneof(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 60 }).map((quads) => quads * 4)),
      mean: fc.constantFrom(0, 1, -30, 200),
      spread: fc.constantFrom(0.01, 1, 50),
      epsilon: fc.constantFrom(1e-12, 1e-6, 0.1),
      probability: fc.constantFrom(0, 0.1, 0.5),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, columns, mean, spread, epsilon, probability }) => {
        const values = normalRows(rows, columns, spread).map((x) => x + mean);
        await expectOracle({
          kind,
          rows,
          columns,
          values,
          epsilon,
          probability: kind === "residual" ? probability : 0,
        });
      }),
      { numRuns: 25, seed: 3 },
    );
  });

  it.each([[41, 36, 2400], [250, 13, 3400], [270, 128, 9000], [150, 320, 13000], [5, 1024, 9000]])(
    "tiles rows of [%i, %i] to a binding limit of %i bytes without a seam",
    async (rows, columns, maxStorageBufferBindingSize) => {
      const shape = { kind, rows, columns, probability: kind === "residual" ? 0.3 : 0 };
      const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize };
      const tiled = await expectOracle({ ...shape, limits });
      const whole = await bothWays(shape);
      const plan = forward[kind].plan({ rows, columns, epsilon: 1e-5 }, limits);
      const least = forward[kind].plan({ rows, columns, epsilon: 1e-5 }, limitsOf(gpu));
      expect(plan.dispatches.length).toBeGreaterThan(least.dispatches.length);
      for (const binding of plan.dispatches.flatMap((dispatch) => dispatch.bindings)) {
        const size = "buffer" in binding ? binding.size ?? 0 : 0;
        expect(size).toBeLessThanOrEqual(maxStorageBufferBindingSize);
      }
      expect(tiled.results).toEqual(whole.results);
      expect(tiled.gradients.gradient).toEqual(whole.gradients.gradient);
      expect(tiled.gradients.values_gradient).toEqual(whole.gradients.values_gradient);
    },
  );

  it("spreads workgroups over two dimensions", async () => {
    const limits = { ...limitsOf(gpu), maxComputeWorkgroupsPerDimension: 5 };
    await expectOracle({ kind, rows: 500, columns: 20, limits });
    await expectOracle({ kind, rows: 500, columns: 5, limits });
  });

  it("is the same to the bit each time", async () => {
    for (const [rows, columns] of [[130, 132], [130, 33]] as const) {
      const shape = { kind, rows, columns, probability: kind === "residual" ? 0.1 : 0 };
      const once = await bothWays(shape);
      const again = await bothWays(shape);
      expect(again.results).toEqual(once.results);
      expect(again.gradients).toEqual(once.gradients);
    }
  });

  it("gives the result alone, and the same, where nothing is kept for a gradient", async () => {
    for (const [rows, columns] of [[9, 200], [9, 32], [9, 33]] as const) {
      const { values, residual, scale, shift, results } = await bothWays({ kind, rows, columns });
      const plan = forward[kind].plan({ rows, columns, epsilon: 1e-5, keeps: false }, gpu.device.limits);
      const named = Object.entries({ values, residual, scale, shift });
      const inputs = Object.fromEntries(named.filter(([name]) => plan.inputs.some((input) => input.name === name)));
      expect(await run(plan, inputs)).toEqual({ result: results.result });
    }
  });

  it.each([36, 37, 192])("does not lose digits to an outlier among %i columns", async (columns) => {
    for (const place of [0, columns - 1]) {
      const values = normalRows(4, columns, 1);
      for (let row = 0; row < 4; row++) values[row * columns + place] = 3000;
      await expectOracle({ kind, rows: 4, columns, values });
    }
  });

  it.each([
    [{ rows: 0, columns: 3, epsilon: 1 }, "rows is 0; it must be an integer of at least 1"],
    [{ rows: 2, columns: 1.5, epsilon: 1 }, "columns is 1.5; it must be an integer of at least 1"],
    [{ rows: 2, columns: 3, epsilon: -1 }, "epsilon is -1; it must be at least 0"],
    [{ rows: 2, columns: 3, epsilon: NaN }, "epsilon is NaN; it must be at least 0"],
  ])("refuses %j", (shape, message) => {
    const { name } = forward[kind];
    expect(() => forward[kind].plan(shape, gpu.device.limits)).toThrow(`${name}: ${message}`);
    if (shape.epsilon !== 1) return;
    expect(() => backward[kind].plan(shape, gpu.device.limits)).toThrow(`${name}_gradient: ${message}`);
  });

  it("refuses rows, moments and column sums that no binding holds", () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 4096, minStorageBufferOffsetAlignment: 256 };
    const both = { [forward[kind].name]: forward[kind].plan, [backward[kind].name]: backward[kind].plan };
    for (const [name, plan] of Object.entries(both)) {
      const planned = (rows: number, columns: number) => () => plan({ rows, columns, epsilon: 1 }, limits);
      expect(planned(1, 1025)).toThrow(
        `${name}: 64 rows take 262400 bytes; this device binds at most 4096 at once`,
      );
      expect(planned(342, 4)).toThrow(
        `${name}: moments takes 4104 bytes; this device binds at most 4096 at once`,
      );
    }
    expect(() => backward[kind].plan({ rows: 2, columns: 1024 }, limits)).toThrow(
      `${backward[kind].name}: column_sums takes 8192 bytes; this device binds at most 4096 at once`,
    );
  });
});

describe("layer norm", () => {
  it.each([64, 65, 768])("keeps rows of %i columns around 10,000 exact", async (columns) => {
    const values = normalRows(5, columns, 1).map((x) => x + 1e4);
    await expectOracle({ kind: "layer", rows: 5, columns, values });
  });

  it.each([20, 21, 400])("gives a row of %i equal values the shift, and finite gradients", async (columns) => {
    for (const value of [0, 7.123456, -1e6]) {
      const values = new Float32Array(2 * columns).fill(value);
      const { shift, results, gradients } = await bothWays({ kind: "layer", rows: 2, columns, epsilon: 1e-12, values });
      expect(results.result).toEqual(Float32Array.of(...shift, ...shift));
      expect(gradients.gradient!.every(Number.isFinite)).toBe(true);
      expect(gradients.scale_gradient).toEqual(new Float32Array(columns));
    }
  });

  it("keeps the mean, in two numbers, and 1 / sqrt(variance + epsilon)", async () => {
    for (const values of [[1, 2, 3, 6], [1, 2, 6]]) {
      const { results } = await bothWays({
        kind: "layer",
        rows: 1,
        columns: values.length,
        epsilon: 0.5,
        values: Float32Array.from(values),
      });
      const [high, low, inverse] = results.moments!;
      const variance = values.reduce((sum, x) => sum + (x - 3) ** 2, 0) / values.length;
      expectClose([high! + low!, inverse!], [3, 1 / Math.sqrt(variance + 0.5)], 1e-7);
    }
  });
});

describe("RMS norm", () => {
  it("gives a row of zeros zeros, and keeps a mean of 0", async () => {
    for (const columns of [8, 9]) {
      const { results } = await bothWays({ kind: "rms", rows: 1, columns, values: new Float32Array(columns) });
      expect(results.result!.map(Math.abs)).toEqual(new Float32Array(columns));
      expect(results.moments!.subarray(0, 2)).toEqual(new Float32Array(2));
    }
  });
});

describe("the norm of a residual and of dropped values", () => {
  const shape = (rows: number, columns: number, probability: number) => ({
    rows,
    columns,
    epsilon: 1e-5,
    dropout: { probability, key },
  });
  const dropped = async (values: Float32Array, probability: number) => {
    const plan = dropoutKernel.plan({ length: values.length, probability, key }, gpu.device.limits);
    return (await run(plan, { values })).result!;
  };

  it.each([[3, 4], [40, 132], [7, 13], [65, 768]])(
    "drops what the dropout kernel drops, to the bit, at [%i, %i]",
    async (rows, columns) => {
      for (const probability of [0.1, 0.9]) {
        const values = normalRows(rows, columns, 1);
        const plan = residualLayerNorm.plan(shape(rows, columns, probability), gpu.device.limits);
        const residual = new Float32Array(rows * columns);
        const [scale, shift] = [new Float32Array(columns).fill(1), new Float32Array(columns)];
        const { sum, moments } = await run(plan, { values, residual, scale, shift });
        expect(sum).toEqual(await dropped(values, probability));
        const backwards = residualLayerNormGradient.plan(shape(rows, columns, probability), gpu.device.limits);
        const upstream = normalRows(rows, columns, 1, "upstream");
        const { gradient, values_gradient } = await run(backwards, { sum: sum!, moments: moments!, scale, upstream });
        expect(values_gradient!.map(Math.abs)).toEqual((await dropped(gradient!, probability)).map(Math.abs));
      }
    },
  );

  it("draws no mask at probability 0, and gives one gradient for both", () => {
    for (const columns of [8, 9]) {
      const forwards = residualLayerNorm.plan(shape(4, columns, 0), gpu.device.limits);
      expect(forwards.dispatches[0]!.constants).toEqual({ DROPOUT: 0 });
      const { dropout: _, ...none } = shape(4, columns, 0);
      expect(residualLayerNorm.plan(none, gpu.device.limits)).toEqual(forwards);
      const backwards = residualLayerNormGradient.plan(shape(4, columns, 0), gpu.device.limits);
      expect(backwards.outputs.map(({ name }) => name)).toEqual(["gradient", "scale_gradient", "shift_gradient"]);
    }
  });

  it.each([1, -0.1, NaN])("refuses a probability of %f", (probability) => {
    for (const { name, plan } of [residualLayerNorm, residualLayerNormGradient]) {
      expect(() => plan(shape(2, 3, probability), gpu.device.limits)).toThrow(
        `${name}: probability is ${probability}; it must be at least 0 and below 1`,
      );
    }
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
