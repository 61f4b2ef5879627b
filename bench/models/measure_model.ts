import type { Tensor } from "@tensorflow/tfjs-core";
import { Failure, Interrupted } from "../../src/errors.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { type KernelTime, kernelTimes } from "../../src/tfjs/kernel_times.ts";
import { resumeGpu } from "../../src/tfjs/setup.ts";
import type { StockBackend, StockSettings } from "../../src/tfjs/stock.ts";
import { compare, type Effort, type Side } from "../measure.ts";
import { type ModelShape, sizesOf } from "./model_shape.ts";
import { modelSetup } from "./model_setup.ts";
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
  readonly empty_ms: number;
  readonly rounds: number;
  /** What our step consists of, the longest first. */
  readonly kernels: readonly { readonly kernel: string; readonly calls: number; readonly gpu_ms: number | null }[];
}

export interface Engines {
  readonly ours: PupilBackend;
  readonly stock: StockBackend;
}

export interface ModelMeasuring {
  readonly work: Work;
  readonly effort: Effort;
  readonly signal: AbortSignal;
  now(): number;
}

/** How far the two engines may be apart, relative to what they compute or to 1. */
const TOLERANCE = 1e-3;
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
  { work, effort, signal, now }: ModelMeasuring,
): Promise<ModelRow> {
  const { device, faults } = ours.gpu;
  const { queue } = device;
  const setup = modelSetup(shape);
  const began: AtWork[] = [];
  const begin = () => {
    const atWork = work.begin(setup);
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
    const before = ours.kernelCalls;
    const { took } = await timed(now, () => resultOf(own));
    const kernelCalls = ours.kernelCalls - before;
    const peakBytes = ours.peakBytes;
    const kernels = await leastOf(took < LONG_MS ? 3 : 1, () => kernelTimes(ours, () => own.once().dispose()));

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
    const sides = [
      side("ours", own, () => resumeGpu(ours), () => ours.flush()),
      stockSide("stock", { cpuForward: false }),
      // A few small operations are nothing to a step so long, and measuring it again would take minutes.
      ...(again.took < 10 * LONG_MS ? [stockSide("stock, small ones on the CPU", { cpuForward: true })] : []),
    ];
    const { timings, empty: fixed, rounds } = await compare(sides, emptyOf(work, device), effort, now);
    const [oursMs, onGpu, withCpu = Infinity] = timings.map(({ median }) => median) as [number, number, number?];
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
