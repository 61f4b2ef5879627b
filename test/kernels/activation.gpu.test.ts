import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { activation, activationGradient, type ActivationShape } from "../../kernels/activation/activation.ts";
import {
  type ActivationKind,
  activationNames,
  activationReference,
  activationSlopeReference,
} from "../../kernels/activation/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

/** Values through one kind, and the gradient for the given upstream one. */
async function both(
  shape: ActivationShape,
  inputs: { values: Float32Array; bias?: Float32Array },
  upstream: Float32Array = new Float32Array(inputs.values.length).fill(1),
  limits: KernelLimits = gpu.device.limits,
) {
  const [result] = await runOnArrays(gpu, activation.plan(shape, limits), inputs);
  const [gradient] = await runOnArrays(gpu, activationGradient.plan(shape, limits), { ...inputs, upstream });
  return { result: new Float32Array(result!), gradient: new Float32Array(gradient!) };
}

/** From -20 to 20 in small steps, the ends of float32 and numbers near 0. */
const wide = Float32Array.from([
  ...Array.from({ length: 8001 }, (_, index) => (index - 4000) / 200),
  ...[1e-30, 1e-6, 0.49999997, 0.5, 12.999999, 13, 13.1, 88, 1e3, 1e18, 1e30, 3e38].flatMap((x) => [x, -x]),
]);

describe.each(activationNames)("%s", (kind) => {
  it("agrees with the oracle from end to end of float32", async () => {
    const { result, gradient } = await both({ rows: 1, columns: wide.length, kind }, { values: wide });
    const wanted = Array.from(wide, (x) => activationReference(x, kind));
    expectClose(result, wanted, (index) => 2e-7 + 1e-6 * Math.abs(wanted[index]!), "value");
    expectClose(gradient, Array.from(wide, (x) => activationSlopeReference(x, kind)), 1e-6, "slope");
  });

  it("agrees with the oracle at any shape, with a bias and without", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 70 }), async (rows, columns) => {
        const values = normalRows(rows, columns, 2);
        const bias = normalRows(1, columns, 1, "bias");
        const upstream = normalRows(rows, columns, 1, "upstream");
        const plain = await both({ rows, columns, kind }, { values }, upstream);
        expectClose(plain.result, Array.from(values, (x) => activationReference(x, kind)), 1e-6, "value");
        const biased = await both({ rows, columns, kind, bias: true }, { values, bias }, upstream);
        const moved = values.map((x, index) => x + bias[index % columns]!);
        expectClose(biased.result, Array.from(moved, (x) => activationReference(x, kind)), 1e-6, "value with a bias");
        const slopes = Array.from(moved, (x, index) => upstream[index]! * activationSlopeReference(x, kind));
        expectClose(biased.gradient, slopes, 3e-6, "gradient with a bias");
      }),
      { numRuns: 4, examples: [[1, 1], [3, 36], [5, 12], [7, 9]] },
    );
  });

  it("lets a NaN through, to its own element", async () => {
    for (const columns of [3, 4]) {
      const { result } = await both({ rows: 1, columns, kind }, { values: new Float32Array(columns).fill(NaN, 1, 2) });
      expect(Array.from(result, Number.isNaN)).toEqual(Array.from(result, (_, column) => column === 1));
    }
  });
});

describe("an activation", () => {
  it("keeps precision in the far tail of GELU, where 1 + erf would be 0", async () => {
    const values = Float32Array.of(-5, -6, -8, -10);
    const { result } = await both({ rows: 1, columns: 4, kind: "gelu" }, { values });
    result.forEach((value, index) => {
      expect(Math.abs(value / activationReference(values[index]!, "gelu") - 1)).toBeLessThan(1e-5);
    });
  });

  it("keeps precision near 0, where 1 - e^(-2x) would have none", async () => {
    const values = Float32Array.from({ length: 120 }, (_, index) => 0.6 * 0.9 ** index);
    for (const kind of ["tanh", "gelu", "gelu_tanh"] as const) {
      const { result } = await both({ rows: 1, columns: 120, kind }, { values });
      const wanted = Array.from(values, (x) => activationReference(x, kind));
      expectClose(result, wanted, (index) => 5e-7 * wanted[index]!, kind);
    }
  });

  it("has an oracle that knows published values", () => {
    // Phi(1), Phi(-4); the approximation at 1 and -2.
    expect(activationReference(1, "gelu")).toBeCloseTo(0.841344746068543, 14);
    expect(activationReference(-4, "gelu") / -4).toBeCloseTo(3.16712418331199e-5, 18);
    expect(activationReference(1, "gelu_tanh")).toBeCloseTo(0.8411919906082768, 14);
    expect(activationReference(-2, "gelu_tanh")).toBeCloseTo(-0.04540230591222494, 14);
  });

  it.each([16, 36, 65])("is the same over tiles of rows as in one: %i columns", async (columns) => {
    const [rows, kind] = [300, "gelu"] as const;
    const values = normalRows(rows, columns, 2);
    const bias = normalRows(1, columns, 1, "bias");
    const upstream = normalRows(rows, columns, 1, "upstream");
    const limits = limitsWith({ maxStorageBufferBindingSize: 64 * columns * 4 });
    for (const inputs of [{ values }, { values, bias }]) {
      const shape = { rows, columns, kind, bias: "bias" in inputs };
      expect(activation.plan(shape, limits).dispatches.length).toBe(5);
      expect(await both(shape, inputs, upstream, limits)).toEqual(await both(shape, inputs, upstream));
    }
  });

  it("is the same to the bit each time", async () => {
    const values = normalRows(30, 36);
    const shape = { rows: 30, columns: 36, kind: "gelu_tanh" } as const;
    expect(await both(shape, { values })).toEqual(await both(shape, { values }));
  });

  it("spreads workgroups over two dimensions", async () => {
    const limits = limitsWith({ maxComputeWorkgroupsPerDimension: 3 });
    const values = normalRows(8, 65);
    const shape = { rows: 8, columns: 65, kind: "tanh" } as const;
    expect(await both(shape, { values }, undefined, limits)).toEqual(await both(shape, { values }));
    expect(() => activation.plan({ ...shape, rows: 15 }, limits)).toThrow(
      "workgroups are over this device's limit of 9",
    );
  });

  it("refuses what it cannot do", () => {
    const { limits } = gpu.device;
    const shape = { rows: 2, columns: 3, kind: "gelu" as const };
    expect(() => activation.plan({ ...shape, rows: 0 }, limits)).toThrow(
      "activation: rows is 0; it must be an integer of at least 1",
    );
    expect(() => activationGradient.plan({ ...shape, columns: 1.5 }, limits)).toThrow(
      "activation_gradient: columns is 1.5; it must be an integer of at least 1",
    );
    expect(() => activation.plan({ ...shape, kind: "swish" as ActivationKind }, limits)).toThrow(
      "activation: kind is swish; it must be one of gelu, gelu_tanh, relu, tanh",
    );
    expect(() => activation.plan(shape, limitsWith({ maxStorageBufferBindingSize: 8 })))
      .toThrow("activation: 64 rows take 768 bytes; this device binds at most 8 at once");
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
