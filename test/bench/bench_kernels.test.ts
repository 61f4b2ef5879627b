import { fill, square, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { benchKernels, type KernelBenchEvent } from "../../bench/kernels/bench_kernels.ts";
import { kernelCases } from "../../bench/kernels/cases.ts";
import { rowStats } from "../../bench/kernels/cases/row_stats.ts";
import { kernelTable } from "../../bench/kernels/kernel_table.ts";
import type { KernelRow } from "../../bench/kernels/measure_case.ts";
import { readAll } from "../../bench/kernels/read_all.ts";
import { Interrupted } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { freshGpu } from "../gpu/open_test_gpu.ts";

const tiny = { budget: 0, leastRounds: 1, mostRounds: 1, leastSample: 0.1 };

let gpu: Gpu;
beforeAll(async () => {
  gpu = await freshGpu();
});

function bench(shapes: readonly (readonly number[])[], signal = new AbortController().signal, on = gpu) {
  const cases = [{ ...rowStats, shapes }];
  return benchKernels(on, { cases, effort: tiny, signal, now: () => performance.now() });
}

describe("the bench of kernels", () => {
  it("tells of each shape before and after it is measured", async () => {
    const events: KernelBenchEvent[] = await Array.fromAsync(bench([[300, 6], [40, 700]]));
    expect(events.map(({ kind }) => kind)).toEqual(["measuring", "row", "measuring", "row"]);
    expect(events[2]).toEqual({ kind: "measuring", kernel: "row_stats", shape: [40, 700], done: 1, of: 2 });
    const { row } = events[3] as { row: KernelRow };
    expect(row).toMatchObject({
      kernel: "row_stats",
      shape: [40, 700],
      input_bytes: 112_000,
      output_bytes: 640,
      rounds: 1,
    });
    expect(row.ratio).toBe(row.stock_ms / row.ours_ms);
    for (const time of [row.ours_ms, row.stock_ms, row.copy_ms, row.read_ms]) expect(time).toBeGreaterThan(0);
  });

  it("stops between shapes where it is told to", async () => {
    const stopping = new AbortController();
    const seen: string[] = [];
    const measuring = async () => {
      for await (const event of bench([[300, 6], [300, 7]], stopping.signal)) {
        seen.push(event.kind);
        if (event.kind === "row") stopping.abort();
      }
    };
    await expect(measuring()).rejects.toThrow(new Interrupted("interrupted; a bench keeps nothing, and begins anew"));
    expect(seen).toEqual(["measuring", "row"]);
  });

  it("fails where the stock side is over a limit, in place of measuring how fast it gives zeros", async () => {
    const broken = await freshGpu();
    const over = broken.device.limits.maxStorageBufferBindingSize / 4 + 1;
    const cases = [{ ...rowStats, shapes: [[300, 6]], stock: () => () => tidy(() => square(fill([over], 3))) }];
    const signal = new AbortController().signal;
    const events = benchKernels(broken, { cases, effort: tiny, signal, now: () => performance.now() });
    await expect(Array.fromAsync(events)).rejects.toThrow(/the bench of row_stats/);
  });

  it("measures the kernels of the design at the shapes of its bars", () => {
    const shapesOf = (name: string) => kernelCases.get(name).shapes;
    const wide = [[100000, 6], [100000, 50], [4096, 1000], [512, 30522], [64, 250002]];
    expect(shapesOf("row_stats")).toEqual(wide);
    expect(shapesOf("softmax")).toEqual(wide);
    expect(shapesOf("sequence_stats")).toEqual(expect.arrayContaining([[20000, 32, 9], [2000, 128, 13]]));
    expect(shapesOf("beam_step")).toEqual(expect.arrayContaining([[16, 3, 32128], [16, 3, 50265]]));
    expect(shapesOf("committee")).toEqual(expect.arrayContaining([[10, 20000, 9]]));
  });

  it.each(kernelCases.names())("draws the same inputs for %s each time, as many as its plan takes", (name) => {
    const { axes, shapes, inputs, plan } = kernelCases.get(name);
    const shape = shapes.reduce((a, b) => (product(a) < product(b) ? a : b));
    const [once, again] = [inputs(shape), inputs(shape)];
    expect(axes).toHaveLength(shape.length);
    const wanted = plan(shape, gpu.device.limits).inputs.map((spec) => [spec.name, spec.bytes]);
    expect(Object.entries(once).map(([input, values]) => [input, values.byteLength])).toEqual(wanted);
    for (const [input, values] of Object.entries(once)) {
      expect(values.findIndex((value, index) => value !== again[input]![index]), input).toBe(-1);
      expect(new Set(values.subarray(0, 1000)).size).toBeGreaterThan(input === "lengths" ? 0 : 40);
    }
  });
});

function product(shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, 1);
}

describe("the kernel that reads", () => {
  it("reads every whole block once", async () => {
    const words = Uint32Array.from({ length: 16 * 5000 + 3 }, (_, index) => Math.imul(index, 2654435761) >>> 0);
    const [sums] = await runOnArrays(gpu, readAll(words.byteLength, gpu.device.limits), { words });
    const all = (values: Uint32Array) => values.reduce((sum, value) => (sum ^ value) >>> 0, 0);
    expect(all(new Uint32Array(sums!))).toBe(all(words.subarray(0, 16 * 5000)));
  });
});

describe("the table", () => {
  const row: KernelRow = {
    kernel: "row_stats",
    shape: [512, 30522],
    ours_ms: 20,
    stock_ms: 1000,
    copy_ms: 5,
    read_ms: 16,
    ratio: 50,
    input_bytes: 60e6,
    output_bytes: 8192,
    empty_ms: 11,
    rounds: 9,
  };

  it("says how much faster, how many copies and reads, and at what rate", () => {
    const lines = kernelTable([row], 100).split("\n");
    expect(lines[2]).toMatch(/^row_stats +\[512, 30522\] +20\.00 +1000 +50\.0 +4\.0 +1\.3 +3\.0$/);
    expect(lines.join(" ")).toContain("an empty submission, 11.00 ms here, is off every time");
  });

  it("fits a narrow terminal", () => {
    for (const line of kernelTable([row], 60).split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});
