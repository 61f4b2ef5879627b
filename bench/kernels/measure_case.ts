import { dispose } from "@tensorflow/tfjs-core";
import type { Gpu } from "../../src/gpu/device.ts";
import { Recorder } from "../../src/gpu/recorder.ts";
import { BufferUsage } from "../../src/gpu/usage.ts";
import type { StockBackend } from "../../src/tfjs/stock.ts";
import { compare, type Effort, type Side } from "../measure.ts";
import type { KernelCase } from "./kernel_case.ts";
import { readAll } from "./read_all.ts";

/** More than the caches of a CPU or of a GPU hold. */
const CACHES_BYTES = 2 ** 28;
/** An input so small that this many copies fit a cache is measured from there. */
const MOST_SETS = 64;

/** What one kernel took at one shape. Times are medians in milliseconds, the cost of an empty submission taken off. */
export interface KernelRow {
  readonly kernel: string;
  readonly shape: readonly number[];
  readonly ours_ms: number;
  /** The same result, of stock operations on the stock backend. */
  readonly stock_ms: number;
  /** A copy of the same input from one buffer to another. */
  readonly copy_ms: number;
  /** A kernel that reads the same input once and does nothing with it. */
  readonly read_ms: number;
  /** stock_ms / ours_ms. */
  readonly ratio: number;
  /** Of all inputs together. */
  readonly input_bytes: number;
  readonly output_bytes: number;
  readonly empty_ms: number;
  readonly rounds: number;
}

/**
 * Measures one kernel at one shape, against the stock operations, against a copy of its input and against reading it, on one
 * device. Ours, the copy and the reading go through many copies of the input in turn, so that none of them finds it in a cache.
 *
 * @throws GpuFault where the GPU refused any of it
 */
export function measureCase(
  gpu: Gpu,
  stock: StockBackend,
  kernelCase: KernelCase,
  shape: readonly number[],
  effort: Effort,
  now: () => number,
): Promise<KernelRow> {
  return stock.scope(() => measure(gpu, stock, kernelCase, shape, effort, now));
}

async function measure(
  gpu: Gpu,
  stock: StockBackend,
  { name: kernel, plan: planOf, inputs: inputsOf, stock: stockOf }: KernelCase,
  shape: readonly number[],
  effort: Effort,
  now: () => number,
): Promise<KernelRow> {
  const { device, faults } = gpu;
  const plan = planOf(shape, device.limits);
  const inputs = inputsOf(shape);
  const work = stockOf(shape, inputs);
  const made: GPUBuffer[] = [];
  const create = (bytes: number) => {
    const { STORAGE, COPY_SRC, COPY_DST } = BufferUsage;
    const buffer = device.createBuffer({ size: Math.ceil(bytes / 4) * 4, usage: STORAGE | COPY_SRC | COPY_DST });
    made.push(buffer);
    return buffer;
  };
  const recorder = new Recorder(device, gpu.pipelines);
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  try {
    const given = Object.entries(inputs);
    const inputBytes = given.reduce((total, [, { byteLength }]) => total + byteLength, 0);
    // So many copies of the inputs that none is still in a cache when its turn comes again.
    const sets = Array.from({ length: Math.min(MOST_SETS, Math.ceil(CACHES_BYTES / inputBytes)) }, () => {
      const buffers = Object.fromEntries(
        [...plan.inputs, ...plan.outputs].map(({ name, bytes }) => [name, create(bytes)]),
      );
      const sources = given.map(([name, { buffer, byteOffset, byteLength }]) => {
        const source = buffers[name]!;
        device.queue.writeBuffer(source, 0, buffer as ArrayBuffer, byteOffset, byteLength);
        return { source, target: create(byteLength), bytes: byteLength };
      });
      return { buffers, sources };
    });
    let turn = 0;
    const next = () => sets[turn++ % sets.length]!;
    const readPlans = given.map(([, { byteLength }]) => readAll(byteLength, device.limits));
    const sums = readPlans.map(({ outputs: [output] }) => create(output!.bytes));
    const submitted = (record: (encoder: GPUCommandEncoder) => void) => {
      const encoder = device.createCommandEncoder();
      record(encoder);
      device.queue.submit([encoder.finish()]);
      return device.queue.onSubmittedWorkDone();
    };
    const passed = (times: number, record: (pass: GPUComputePassEncoder) => void) =>
      submitted((encoder) => {
        const pass = encoder.beginComputePass();
        for (let time = 0; time < times; time++) record(pass);
        pass.end();
      });
    const copied = (times: number) =>
      submitted((encoder) => {
        for (let time = 0; time < times; time++) {
          for (const { source, target, bytes } of next().sources) {
            encoder.copyBufferToBuffer(source, 0, target, 0, bytes);
          }
        }
      });
    const stockTimes = async (times: number) => {
      for (let time = 0; time < times; time++) dispose(work());
      stock.flush();
      await device.queue.onSubmittedWorkDone();
    };
    const inTurn = (name: string, run: Side["run"]): Side => ({ name, run, warm: () => run(sets.length) });
    const sides: Side[] = [
      inTurn("ours", (times) => passed(times, (pass) => recorder.record(pass, plan, next().buffers))),
      { name: "stock", run: stockTimes },
      inTurn("copy", copied),
      inTurn(
        "read",
        (times) =>
          passed(
            times,
            (pass) =>
              next().sources.forEach(({ source }, index) =>
                recorder.record(pass, readPlans[index]!, { words: source, sums: sums[index]! })
              ),
          ),
      ),
    ];
    const empty: Side = { name: "empty", run: () => submitted(() => {}) };
    const { timings, empty: fixed, rounds } = await compare(sides, empty, effort, now);
    const [ours, theirs, copy, read] = timings.map((timing) => timing.median);
    return {
      kernel,
      shape,
      ours_ms: ours!,
      stock_ms: theirs!,
      copy_ms: copy!,
      read_ms: read!,
      ratio: theirs! / ours!,
      input_bytes: inputBytes,
      output_bytes: plan.outputs.reduce((total, { bytes }) => total + bytes, 0),
      empty_ms: fixed,
      rounds,
    };
  } finally {
    for (let scope = 0; scope < 2; scope++) faults.watch(device.popErrorScope(), () => `the bench of ${kernel}`);
    for (const buffer of made) buffer.destroy();
    await faults.settle();
  }
}
