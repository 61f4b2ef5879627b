import { beforeAll, describe, expect, it } from "vitest";
import { benchModels, type ModelBenchEvent } from "../../bench/models/bench_models.ts";
import { differences } from "../../bench/models/half_differences.ts";
import type { ModelRow } from "../../bench/models/measure_model.ts";
import { effortOf, type ModelShape } from "../../bench/models/model_shape.ts";
import { modelSetup } from "../../bench/models/model_setup.ts";
import { kernelsTable, modelTable, type ModelTableRow } from "../../bench/models/model_table.ts";
import { scoring } from "../../bench/models/scoring.ts";
import { modelShapes } from "../../bench/models/shapes.ts";
import { training } from "../../bench/models/training.ts";
import type { Work } from "../../bench/models/work.ts";
import { Failure, Interrupted } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { currentBackend } from "../../src/tfjs/setup.ts";
import { freshGpu } from "../gpu/open_test_gpu.ts";

const effort = { budget: 0, leastRounds: 1, mostRounds: 1, leastSample: 0.1 };
const tiny: ModelShape = { name: "1x16", layers: 1, hidden: 16, heads: 2, length: 8, batch: 2, vocabulary: 50 };

let gpu: Gpu;
/** Each is seconds of compiling, so tests share them. */
let trained: ModelRow;
let trainedAgain: ModelRow;
let scored: ModelRow;
beforeAll(async () => {
  gpu = await freshGpu();
  trained = await rowOf(training);
  trainedAgain = await rowOf(training);
  scored = await rowOf(scoring);
});

function bench(work: Work, shapes = [tiny], signal = new AbortController().signal, halves = false) {
  return benchModels(gpu, { shapes, work, halves, effort, signal, now: () => performance.now() });
}

async function rowOf(work: Work): Promise<ModelRow> {
  for await (const event of bench(work)) if (event.kind === "row") return event.row;
  throw new Error("no row");
}

describe("the bench of models", () => {
  it("tells of each shape before and after it is measured, and how much of the work is behind", async () => {
    const two = [tiny, { ...tiny, name: "1x24", hidden: 24 }];
    const events: ModelBenchEvent[] = await Array.fromAsync(bench(scoring, two));
    expect(events.map(({ kind, shape }) => [kind, shape.name])).toEqual([
      ["measuring", "1x16"],
      ["row", "1x16"],
      ["measuring", "1x24"],
      ["row", "1x24"],
    ]);
    const shares = events.flatMap((event) => (event.kind === "measuring" ? [event.done] : []));
    const [first, second] = two.map(effortOf) as [number, number];
    expect(shares).toEqual([0, first / (first + second)]);
  });

  it.each([training, scoring])("measures both engines at $name, with fewer kernels on ours", (work) => {
    const row = work === training ? trained : scored;
    expect(row.shape).toEqual([1, 16, 2, 8, 2, 50]);
    expect(row.rounds).toBe(1);
    for (const time of [row.ours_ms, row.stock_ms]) expect(time).toBeGreaterThan(0);
    expect(row.ratio).toBe(row.stock_ms / row.ours_ms);
    expect(row.kernel_calls).toBeGreaterThan(10);
    expect(row.stock_kernel_calls).toBeGreaterThan(row.kernel_calls);
    expect(row.kernels.reduce((sum, { calls }) => sum + calls, 0)).toBe(row.kernel_calls);
    // Forward, products as our kernel computes them; the optimiser in training alone.
    const calls = new Map(row.kernels.map(({ kernel, calls }) => [kernel, calls]));
    expect(calls.get("matmul")).toBeGreaterThan(0);
    expect(calls.get("adamw")).toBe(work === training ? 1 : undefined);
    expect(calls.get("row_stats")).toBe(work === scoring ? 1 : undefined);
  });

  it("counts every byte that a step holds: at least the parameters, their gradients and both moments", () => {
    const { spec, values } = modelSetup(tiny);
    const parameters = [...values.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(spec.classes).toBe(2);
    for (const bytes of [trained.peak_bytes, trained.stock_peak_bytes]) expect(bytes).toBeGreaterThan(4 * parameters);
    for (const { peak_bytes: bytes } of [trained, scored]) expect(bytes).toBeLessThan(100 * parameters);
    expect(scored.peak_bytes).toBeGreaterThan(parameters);
    expect(scored.peak_bytes).toBeLessThan(trained.peak_bytes);
  });

  it("says of a step what the same step says again: calls and bytes are no matter of chance", () => {
    const fixed = ({ kernel_calls, stock_kernel_calls, peak_bytes }: ModelRow) => [
      kernel_calls,
      stock_kernel_calls,
      peak_bytes,
    ];
    expect(fixed(trainedAgain)).toEqual(fixed(trained));
  });

  it("measures scoring from stored halves beside the rest, and tells what they change", async () => {
    const signal = new AbortController().signal;
    const [row] = (await Array.fromAsync(bench(scoring, [tiny], signal, true)))
      .flatMap((event) => (event.kind === "row" ? [event.row] : []));
    const { ms, ratio, kernel_calls, texts, picks, same_picks, ...apart } = row!.float16!;
    expect(ms).toBeGreaterThan(0);
    expect(ratio).toBe(row!.ours_ms / ms);
    // Of 8 products 7 have sizes of 4 and take 5 inputs.
    expect(kernel_calls).toBe(row!.kernel_calls + 5);
    expect([texts, picks]).toEqual([40, 4]);
    expect(same_picks).toBeGreaterThan(1);
    for (const difference of Object.values(apart)) expect(difference).toBeGreaterThan(0);
    expect(apart.largest_probability).toBeLessThan(1e-2);
    expect(apart.largest_probability).toBeGreaterThan(apart.mean_probability);
    expect(scored.float16).toBeNull();
  });

  it("refuses where no product of a model reads halves", async () => {
    const odd = { ...tiny, name: "1x6", hidden: 6 };
    await expect(Array.fromAsync(bench(scoring, [odd], new AbortController().signal, true))).rejects.toThrow(
      new Failure("this model has no product that halves can be stored for"),
    );
  });

  it("counts differences and picks", () => {
    // Columns: least confidence, margin, entropy, largest log-probability.
    const row = (confidence: number, entropy: number) => [confidence, 0, entropy, 0];
    const plain = Array.from({ length: 20 }, (_, index) => row(index / 100, 0.5));
    const halved = plain.map((each, index) => index === 0 ? row(0.75, 0.75) : [...each]);
    const { mean_probability, ...rest } = differences(plain, halved);
    expect(mean_probability).toBeCloseTo(0.75 / 20, 12);
    expect(rest).toEqual({
      texts: 20,
      largest_probability: 0.75,
      largest_entropy: 0.25,
      mean_entropy: 0.0125,
      picks: 2,
      same_picks: 1,
    });
  });

  it("refuses to compare engines that compute different things", async () => {
    const broken: Work = {
      ...training,
      begin(setup) {
        const isOurs = currentBackend() !== undefined;
        return training.begin({ ...setup, targets: isOurs ? setup.targets : setup.targets.map((label) => 1 - label) });
      },
    };
    await expect(Array.fromAsync(bench(broken))).rejects.toThrow(
      /^the bench of 1x16: ours gives [\d.]+, the stock operations give [\d.]+, so comparing their times means nothing$/,
    );
  });

  it("stops where it is told to, between shapes and within one", async () => {
    const message = "interrupted; a bench keeps nothing, and begins anew";
    await expect(Array.fromAsync(bench(scoring, [tiny], AbortSignal.abort()))).rejects.toThrow(
      new Interrupted(message),
    );
    const stopping = new AbortController();
    const within = async () => {
      for await (const _ of bench(scoring, [tiny], stopping.signal)) stopping.abort();
    };
    await expect(within()).rejects.toThrow(new Interrupted(message));
  });

  it("measures the shapes of the design, with DistilBERT's sizes last", () => {
    const shapes = modelShapes.entries().map((shape) => [
      ...[shape.layers, shape.hidden, shape.heads, shape.length, shape.batch, shape.vocabulary],
    ]);
    expect(shapes).toEqual([[2, 128, 2, 32, 16, 8000], [4, 256, 4, 32, 16, 4000], [6, 768, 12, 64, 8, 30522]]);
  });

  it("begins from the same weights, texts and labels each time, without padding and without dropout", () => {
    const [once, again] = [modelSetup(tiny), modelSetup(tiny)];
    expect(again).toEqual(once);
    expect(once.batch.ids.every((id) => id > 0 && id < 50)).toBe(true);
    expect(once.batch.mask.every((real) => real === 1)).toBe(true);
    expect(once.spec.config).toMatchObject({
      hidden_dropout_prob: 0,
      attention_probs_dropout_prob: 0,
      intermediate_size: 64,
    });
  });
});

describe("the table of models", () => {
  const row: ModelTableRow = {
    shape: [2, 128, 2, 32, 16, 8000],
    ours_ms: 150,
    stock_ms: 735,
    ratio: 4.9,
    kernel_calls: 120,
    stock_kernel_calls: 1300,
    peak_bytes: 64 * 2 ** 20,
    stock_peak_bytes: 8.5 * 2 ** 20,
    stock_cpu_forward: false,
    float16: null,
    empty_ms: 11,
    rounds: 9,
    kernels: [{ kernel: "matmul", calls: 42, gpu_ms: 60 }, { kernel: "adamw", calls: 1, gpu_ms: 20 }],
    torch_ms: null,
  };

  it("says how much faster, how many operations and how much memory", () => {
    const lines = modelTable([row], training, 120).split("\n");
    expect(lines[2]).toMatch(/^\[2, 128, 2, 32, 16, 8000\] +150 +735 +4\.90 +120 +1300 +64 +8\.5$/);
    expect(lines.join(" ")).toContain("nothing is read back");
    expect(modelTable([row], scoring, 120).replaceAll("\n", " ")).toContain("reading its scores back is part of it");
  });

  it("has a column for PyTorch where it was measured", () => {
    const [head, , first, second] = modelTable([{ ...row, torch_ms: 88 }, row], training, 140).split("\n");
    expect(head).toMatch(/PyTorch, ms$/);
    expect(first).toMatch(/ 88\.00$/);
    expect(second).toMatch(/ -$/);
  });

  it("lists kernels with their share, or calls alone where there are no timestamps", () => {
    const text = kernelsTable(row, 80);
    expect(text).toMatch(/^matmul +42 +60\.00 +75\.0 %$/m);
    expect(text).toMatch(/^all +43 +80\.00 +100\.0 %$/m);
    const untimed = kernelsTable({ ...row, kernels: row.kernels.map((each) => ({ ...each, gpu_ms: null })) }, 80);
    expect(untimed).toMatch(/^matmul +42$/m);
    expect(untimed).toContain("This device has no timestamps");
  });

  it("fits a narrow terminal", () => {
    const lines = [...modelTable([row], training, 60).split("\n"), ...kernelsTable(row, 60).split("\n")];
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });
});
