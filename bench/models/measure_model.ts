import type { Tensor } from "@tensorflow/tfjs-core";
import type { ScoringStorage } from "../../src/config/schema.ts";
import { Failure, Interrupted } from "../../src/errors.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { type KernelTime, kernelTimes } from "../../src/tfjs/kernel_times.ts";
import { resumeGpu } from "../../src/tfjs/setup.ts";
import type { StockBackend, StockSettings } from "../../src/tfjs/stock.ts";
import { compare, type Effort, type Side } from "../measure.ts";
import { type HalfDifferences, halfDifferences } from "./half_differences.ts";
import { type ModelShape, sizesOf } from "./model_shape.ts";
import { modelSetup, poolOf } from "./model_setup.ts";
import type { AtWork, Work } from "./work.ts";

/** What one model took, on our engine and on the stock one. Times are medians in milliseconds. */
export interface ModelRow {
  /** (layers, hidden, heads, length, batch, vocabulary). */
  readonly shape: readonly number[];
  readonly ours_ms: number;
  /** The same model file on its composed forms and the stock backend; of its two settings, the faster. */
  readonly stock_ms: number;
  /** stock_ms / ours_ms. */
  readonly ratio: number;
  /** Operations that a step of ours runs on the GPU, stock and own; each may be several dispatches. */
  readonly kernel_calls: number;
  readonly stock_kernel_calls: number;
  /** The most bytes of GPU buffers that were held during our step. */
  readonly peak_bytes: number;
  /** The same of the stock one. */
  readonly stock_peak_bytes: number;
  /** Whether the stock side was faster with small operations on the CPU, its default. */
  readonly stock_cpu_forward: boolean;
  /** Ours from stored halves, where that was asked for. */
  readonly float16: HalvesRow | null;
  readonly empty_ms: number;
  readonly rounds: number;
  /** What our step consists of, the longest first. */
  readonly kernels: readonly { readonly kernel: string; readonly calls: number; readonly gpu_ms: number | null }[];
}

/** What stored halves took, and what they changed. */
export interface HalvesRow extends HalfDifferences {
  readonly ms: number;
  /** ours_ms / ms. */
  readonly ratio: number;
  readonly kernel_calls: number;
}

export interface Engines {
  readonly ours: PupilBackend;
  readonly stock: StockBackend;
}

export interface ModelMeasuring {
  readonly work: Work;
  /** Whether our work is also done from stored halves. */
  readonly halves?: boolean;
  readonly effort: Effort;
  readonly signal: AbortSignal;
  now(): number;
}

/** How far the two engines may be apart, relative to what they compute or to 1. */
const TOLERANCE = 1e-3;
/** Batches that are scored to see what halves change. */
const POOL_BATCHES = 20;
/** A step that takes longer is not repeated for what is only told beside. */
const LONG_MS = 1000;

/**
 * Measures a model at one shape: ours against the stock backend, on one device, in turns.
 *
 * @throws Failure where the two do not compute the same
 * @throws GpuFault where the GPU refused any of it
 * @throws Interrupted where the signal has fired
 */
export function measureModel(engines: Engines, shape: ModelShape, measuring: ModelMeasuring): Promise<ModelRow> {
  return engines.stock.scope(() => measure(engines, shape, measuring));
}

async function measure(
  { ours, stock }: Engines,
  shape: ModelShape,
  { work, halves = false, effort, signal, now }: ModelMeasuring,
): Promise<ModelRow> {
  const { device, faults } = ours.gpu;
  const { queue } = device;
  const setup = modelSetup(shape);
  const began: AtWork[] = [];
  const begin = (storage?: ScoringStorage) => {
    const atWork = work.begin(setup, storage);
    began.push(atWork);
    return atWork;
  };
  /** Once, and what it gave. */
  const resultOf = async (atWork: AtWork) => {
    const result = atWork.once();
    const values = await result.data() as Float32Array;
    result.dispose();
    return values;
  };
  /** How many operations it takes, once it is done. */
  const callsOf = async (atWork: AtWork) => {
    const before = ours.kernelCalls;
    await resultOf(atWork);
    return ours.kernelCalls - before;
  };
  const side = (name: string, atWork: AtWork, resume: () => Promise<void>, flush: () => void): Side => ({
    name,
    // A step off the clock: a system may have put aside the memory of a side that waited minutes for its turn, as no training does.
    warm() {
      return this.run(1);
    },
    async run(times) {
      await resume();
      for (let time = 0; time < times; time++) {
        if (signal.aborted) throw new Interrupted("interrupted; a bench keeps nothing, and begins anew");
        const result = atWork.once();
        if (work.isRead) await result.data();
        result.dispose();
      }
      flush();
      if (!work.isRead) await queue.onSubmittedWorkDone();
    },
  });
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  try {
    await resumeGpu(ours);
    const own = begin();
    ours.releaseFreeBuffers();
    ours.resetPeakBytes();
    const first = await resultOf(own);
    const { result: kernelCalls, took } = await timed(now, () => callsOf(own));
    const peakBytes = ours.peakBytes;
    const kernels = await leastOf(took < LONG_MS ? 3 : 1, () => kernelTimes(ours, () => own.once().dispose()));

    const halved = halves ? begin("float16") : undefined;
    const changed = halves ? await halfDifferences(ours, setup, poolOf(shape, POOL_BATCHES), signal) : undefined;
    // The second time, when the weights are packed.
    if (halved) await callsOf(halved);
    const halfCalls = halved ? await callsOf(halved) : 0;

    await stock.resume({ cpuForward: false });
    const other = begin();
    let stockCalls = 0;
    const counted = () => {
      let result: Tensor | undefined;
      stockCalls = stock.count(() => result = other.once());
      return result!;
    };
    const again = await timed(now, () => resultOf({ ...other, once: counted }));
    requireAgreement(shape.name, first, again.result);

    const stockSide = (name: string, settings: StockSettings) =>
      side(name, other, () => stock.resume(settings), stock.flush);
    const ownSide = (name: string, atWork: AtWork) => side(name, atWork, () => resumeGpu(ours), () => ours.flush());
    const sides = [
      ownSide("ours", own),
      ...(halved ? [ownSide("ours, stored halves", halved)] : []),
      stockSide("stock", { cpuForward: false }),
      // A few small operations are nothing to a step so long, and measuring it again would take minutes.
      ...(again.took < 10 * LONG_MS ? [stockSide("stock, small ones on the CPU", { cpuForward: true })] : []),
    ];
    const { timings, empty: fixed, rounds } = await compare(sides, emptyOf(work, device), effort, now);
    const medians = timings.map(({ median }) => median);
    const halvesMs = halved ? medians.splice(1, 1)[0]! : 0;
    const [oursMs, onGpu, withCpu = Infinity] = medians as [number, number, number?];
    const stockMs = Math.min(onGpu, withCpu);
    return {
      shape: sizesOf(shape),
      ours_ms: oursMs,
      stock_ms: stockMs,
      ratio: stockMs / oursMs,
      kernel_calls: kernelCalls,
      stock_kernel_calls: stockCalls,
      peak_bytes: peakBytes,
      stock_peak_bytes: stock.bytes(),
      stock_cpu_forward: withCpu < onGpu,
      float16: changed ? { ms: halvesMs, ratio: oursMs / halvesMs, kernel_calls: halfCalls, ...changed } : null,
      empty_ms: fixed,
      rounds,
      kernels: kernels.map(({ kernel, calls, gpuMs }: KernelTime) => ({ kernel, calls, gpu_ms: gpuMs })),
    };
  } finally {
    for (const atWork of began) atWork.dispose();
    ours.releaseFreeBuffers();
    for (let scope = 0; scope < 2; scope++) faults.watch(device.popErrorScope(), () => `the bench of ${shape.name}`);
    await faults.settle();
  }
}

/** What a sample costs that does nothing. Work that is read waits for each of its results, so nothing of that is taken off. */
function emptyOf({ isRead }: Work, device: GPUDevice): Side {
  return {
    name: "empty",
    async run() {
      if (isRead) return;
      device.queue.submit([device.createCommandEncoder().finish()]);
      await device.queue.onSubmittedWorkDone();
    },
  };
}

async function timed<T>(now: () => number, run: () => Promise<T>): Promise<{ result: T; took: number }> {
  const began = now();
  return { result: await run(), took: now() - began };
}

/** Of several measurements, the one that the machine disturbed the least. */
async function leastOf(times: number, measure: () => Promise<KernelTime[]>): Promise<KernelTime[]> {
  const total = (each: readonly KernelTime[]) => each.reduce((sum, { gpuMs }) => sum + (gpuMs ?? 0), 0);
  let least = await measure();
  for (let time = 1; time < times; time++) {
    const next = await measure();
    if (total(next) < total(least)) least = next;
  }
  return least;
}

function requireAgreement(shape: string, ours: Float32Array, stock: Float32Array): void {
  ours.forEach((value, index) => {
    const other = stock[index]!;
    if (!(Math.abs(value - other) <= TOLERANCE * Math.max(1, Math.abs(other)))) {
      throw new Failure(
        `the bench of ${shape}: ours gives ${value}, the stock operations give ${other}, so comparing their times means nothing`,
      );
    }
  });
}
