import { beforeAll, describe, expect, it } from "vitest";
import {
  logSoftmaxGradientReference,
  logSoftmaxReference,
  softmaxGradientReference,
  softmaxReference,
} from "../../kernels/softmax/reference.ts";
import { logSoftmax, logSoftmaxGradient, softmax, softmaxGradient } from "../../kernels/softmax/softmax.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Plan } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import golden from "../fixtures/golden/uncertainty.json" with { type: "json" };
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

async function run(plan: Plan, inputs: Record<string, Float32Array>) {
  return new Float32Array((await runOnArrays(gpu, plan, inputs))[0]!);
}

const shapes = [[1, 1], [1, 2], [300, 7], [65, 64], [66, 65], [9, 129], [3, 1000], [2, 5001], [1, 250002]] as const;

describe("softmax", () => {
  it.each(shapes)("and its logarithm agree with the oracle at [%i, %i]", async (rows, columns) => {
    const logits = normalRows(rows, columns, 5);
    const shape = { rows, columns };
    const limits = gpu.device.limits;
    const wanted = rowsOf(logits, columns);
    expectClose(await run(softmax.plan(shape, limits), { logits }), wanted.flatMap(softmaxReference), 1e-6);
    expectClose(await run(logSoftmax.plan(shape, limits), { logits }), wanted.flatMap(logSoftmaxReference), 1e-5);
  });

  it.each(shapes)("gives gradients that agree with the oracle at [%i, %i]", async (rows, columns) => {
    const shape = { rows, columns };
    const limits = gpu.device.limits;
    const logits = rowsOf(normalRows(rows, columns, 2), columns);
    const upstream = normalRows(rows, columns, 1, "upstream");
    const upstreamRows = rowsOf(upstream, columns);
    const p = Float32Array.from(logits.flatMap(softmaxReference));
    const logP = Float32Array.from(logits.flatMap(logSoftmaxReference));
    expectClose(
      await run(softmaxGradient.plan(shape, limits), { result: p, upstream }),
      rowsOf(p, columns).flatMap((row, index) => softmaxGradientReference(row, upstreamRows[index]!)),
      2e-6,
    );
    const tolerance = 2e-6 * Math.sqrt(columns);
    expectClose(
      await run(logSoftmaxGradient.plan(shape, limits), { result: logP, upstream }),
      rowsOf(logP, columns).flatMap((row, index) => logSoftmaxGradientReference(row, upstreamRows[index]!)),
      tolerance,
    );
  });

  it("gives a masked column nothing, and a row that is masked throughout the uniform distribution", async () => {
    for (const columns of [5, 100]) {
      for (const mask of [-1e9, -3.4e38, -Infinity]) {
        const logits = normalRows(2, columns).fill(mask, columns);
        logits[3] = mask;
        const p = await run(softmax.plan({ rows: 2, columns }, gpu.device.limits), { logits });
        expect(p[3]).toBe(0);
        expectClose(p.subarray(columns), new Array(columns).fill(1 / columns), 1e-7);
      }
    }
  });

  it.each([NaN, Infinity])("makes a row that holds %f NaN, and that row alone", async (poison) => {
    for (const columns of [6, 100]) {
      const logits = normalRows(3, columns);
      logits[columns + 2] = poison;
      for (const kernel of [softmax, logSoftmax]) {
        const rows = rowsOf(await run(kernel.plan({ rows: 3, columns }, gpu.device.limits), { logits }), columns);
        expect(rows.map((row) => row.filter(Number.isNaN).length)).toEqual([0, columns, 0]);
      }
    }
  });

  it.each(Object.entries(golden.cases).filter(([, each]) => "probs" in each))(
    "agrees with the reference implementation on %s",
    async (_name, given) => {
      const { logits, probs } = given as unknown as {
        logits: { shape: [number, number]; data: number[] };
        probs: { data: number[] };
      };
      const [rows, columns] = logits.shape;
      const p = await run(softmax.plan({ rows, columns }, gpu.device.limits), {
        logits: Float32Array.from(logits.data),
      });
      expectClose(p, probs.data, 2e-6);
    },
  );
});
