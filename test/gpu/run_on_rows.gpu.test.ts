import { beforeAll, describe, expect, it, vi } from "vitest";
import { rowStatsReference } from "../../kernels/row_stats/reference.ts";
import { rowStats } from "../../kernels/row_stats/row_stats.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { runOnRows } from "../../src/gpu/run_on_rows.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { freshGpu } from "./open_test_gpu.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await freshGpu();
});

function small(bytes: number): KernelLimits {
  const { minStorageBufferOffsetAlignment, maxComputeWorkgroupsPerDimension } = gpu.device.limits;
  return {
    maxStorageBufferBindingSize: bytes,
    maxBufferSize: bytes,
    minStorageBufferOffsetAlignment,
    maxComputeWorkgroupsPerDimension,
  };
}

/** Sizes of the buffers that are made meanwhile. */
async function buffersOf(run: () => Promise<unknown>): Promise<number[]> {
  const create = vi.spyOn(gpu.device, "createBuffer");
  try {
    await run();
    return create.mock.calls.map(([{ size }]) => size);
  } finally {
    create.mockRestore();
  }
}

describe("scores of a pool of a million rows", () => {
  const rows = 1_000_000;
  const columns = 6;
  const few = normalRows(1000, columns);
  const logits = new Float32Array(rows * columns);
  for (let at = 0; at < logits.length; at += few.length) logits.set(few, at);
  // So that no two slices are alike.
  for (let row = 0; row < rows; row++) logits[row * columns] = (row % 9973) / 1000;

  it("go through a fixed number of buffers, none over the limit, and are the oracle's", async () => {
    const limits = small(2 ** 20);
    let stats = new Float32Array();
    const sizes = await buffersOf(async () => {
      const [bytes] = await runOnRows(gpu, rowStats, { rows, columns }, { logits }, limits);
      stats = new Float32Array(bytes!);
    });
    // Logits, stats, the stats to read, and the uniforms of a whole slice and of the last.
    expect(sizes).toHaveLength(5);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 20);
    expect(stats).toHaveLength(rows * 4);
    for (let row = 0; row < rows; row += 997) {
      const { leastConfidence, margin, entropy, maxLogProbability } = rowStatsReference(
        logits.subarray(row * columns, (row + 1) * columns),
      );
      expectClose(stats.subarray(row * 4, row * 4 + 4), [leastConfidence, margin, entropy, maxLogProbability], 2e-6);
    }
  });

  it("are the same bytes as in one go, which is tiled to the binding limit with no more buffers", async () => {
    const tiled = rowStats.plan({ rows, columns }, { ...small(2 ** 20), maxBufferSize: 2 ** 30 });
    expect(tiled.dispatches.length).toBeGreaterThan(20);
    let whole: ArrayBuffer[] = [];
    const sizes = await buffersOf(async () => {
      whole = await runOnArrays(gpu, tiled, { logits });
    });
    expect(sizes).toHaveLength(4);
    const [sliced] = await runOnRows(gpu, rowStats, { rows, columns }, { logits }, small(2 ** 20));
    // A matcher would take seconds over sixteen million bytes.
    const [ours, others] = [new Uint8Array(sliced!), new Uint8Array(whole[0]!)];
    expect(ours.length).toBe(others.length);
    expect(ours.findIndex((byte, index) => byte !== others[index])).toBe(-1);
  });
});

describe("a run over rows in slices", () => {
  it("passes on a last slice that is shorter, and scratch", async () => {
    const shape = { rows: 37, columns: 130 };
    const logits = normalRows(37, 130);
    const [sliced] = await runOnRows(gpu, rowStats, shape, { logits }, small(130 * 4 * 8));
    const [whole] = await runOnArrays(gpu, rowStats.plan(shape, gpu.device.limits), { logits });
    expectClose(new Float32Array(sliced!), new Float32Array(whole!), 1e-6);
  });

  it("gives a shorter last slice all the scratch that it takes, even where that is more than the others'", async () => {
    // 4,096 rows are cut into 16 parts each, 4,095 rows into 17: more states in all.
    const [slice, columns] = [4096, 1088];
    const shape = { rows: slice + slice - 1, columns };
    const pattern = normalRows(7, 1000);
    const logits = new Float32Array(shape.rows * columns);
    for (let at = 0; at < logits.length; at += pattern.length) logits.set(pattern.subarray(0, logits.length - at), at);
    const [sliced] = await runOnRows(gpu, rowStats, shape, { logits }, small(slice * columns * 4));
    const last = rowStatsReference(logits.subarray(-columns));
    expectClose(
      new Float32Array(sliced!).subarray(-4),
      [last.leastConfidence, last.margin, last.entropy, last.maxLogProbability],
      1e-5,
    );
  });

  it("refuses a row that does not fit, and inputs that are not of the shape", async () => {
    const run = (values: Float32Array, limits?: KernelLimits) =>
      runOnRows(gpu, rowStats, { rows: 2, columns: 100 }, { logits: values }, limits);
    await expect(run(new Float32Array(200), small(256))).rejects.toThrow(KernelError);
    await expect(run(new Float32Array(199))).rejects.toThrow("row_stats: logits has 796 bytes; 2 rows take 800");
    await expect(runOnRows(gpu, rowStats, { rows: 2, columns: 100 }, {})).rejects.toThrow(
      "row_stats: logits has no bytes; 2 rows take 800",
    );
  });

  it("names the kernel where the device is lost on the way", async () => {
    const lost = await freshGpu();
    const logits = normalRows(4000, 6);
    const running = runOnRows(lost, rowStats, { rows: 4000, columns: 6 }, { logits }, small(2048));
    lost.device.destroy();
    await expect(running).rejects.toThrow(/^row_stats: /);
    await expect(running).rejects.toThrow(KernelError);
  });
});
