import { beforeAll, describe, expect, it, vi } from "vitest";
import { rowStats } from "../../kernels/row_stats/row_stats.ts";
import { softmax } from "../../kernels/softmax/softmax.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Buffers } from "../../src/gpu/encode.ts";
import { KernelError, type Plan } from "../../src/gpu/kernel.ts";
import { Recorder } from "../../src/gpu/recorder.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { BufferUsage, MapMode } from "../../src/gpu/usage.ts";
import { normalRows } from "../kernels/cases.ts";
import { freshGpu } from "./open_test_gpu.ts";

let gpu: Gpu;
let recorder: Recorder;
beforeAll(async () => {
  gpu = await freshGpu();
  recorder = new Recorder(gpu.device, gpu.pipelines);
});

/** Wide rows, whose plan has scratch. */
const shape = { rows: 3, columns: 200 };
const logits = normalRows(3, 200);

const { COPY_DST, COPY_SRC, MAP_READ, STORAGE } = BufferUsage;

function bufferOf(bytes: number): GPUBuffer {
  return gpu.device.createBuffer({ size: bytes, usage: STORAGE | COPY_DST | COPY_SRC });
}

function uploaded(values: Float32Array): GPUBuffer {
  const buffer = bufferOf(values.byteLength);
  gpu.device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
  return buffer;
}

/** Records within one pass, and submits. */
function submit(record: (pass: GPUComputePassEncoder) => void): void {
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  try {
    record(pass);
  } finally {
    pass.end();
  }
  gpu.device.queue.submit([encoder.finish()]);
}

async function bytesOf(buffer: GPUBuffer, offset = 0, size = buffer.size): Promise<Uint8Array> {
  const staging = gpu.device.createBuffer({ size, usage: MAP_READ | COPY_DST });
  const encoder = gpu.device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.faults.settle();
  await staging.mapAsync(MapMode.READ);
  return new Uint8Array(staging.getMappedRange().slice(0));
}

/** What {@link runOnArrays} gives. */
async function wanted(plan: Plan, inputs: Record<string, Float32Array>): Promise<Uint8Array> {
  const [bytes] = await runOnArrays(gpu, plan, inputs);
  return new Uint8Array(bytes!);
}

/** The buffers that are made meanwhile. */
function madeBy(run: () => void): GPUBuffer[] {
  const create = vi.spyOn(gpu.device, "createBuffer");
  try {
    run();
    return create.mock.results.map(({ value }) => value);
  } finally {
    create.mockRestore();
  }
}

describe("a recorder", () => {
  it("records what runOnArrays runs, and allocates nothing for a plan that it knows", async () => {
    const plan = rowStats.plan(shape, gpu.device.limits);
    const others = normalRows(3, 200, 5);
    const [first, second, outputs] = [uploaded(logits), uploaded(others), [bufferOf(48), bufferOf(48), bufferOf(48)]];
    const run = (input: GPUBuffer, output: number) =>
      madeBy(() => submit((pass) => recorder.record(pass, plan, { logits: input, stats: outputs[output]! })));
    // The uniforms, and scratch.
    expect(run(first, 0)).toHaveLength(1 + plan.scratch.length);
    expect(run(second, 1)).toHaveLength(0);
    expect(run(first, 2)).toHaveLength(0);
    expect(await bytesOf(outputs[0]!)).toEqual(await wanted(plan, { logits }));
    expect(await bytesOf(outputs[1]!)).toEqual(await wanted(plan, { logits: others }));
    expect(await bytesOf(outputs[2]!)).toEqual(await bytesOf(outputs[0]!));
  });

  it("records two plans into one pass, the second upon what the first wrote", async () => {
    const [first, second] = [softmax, rowStats].map((kernel) => kernel.plan(shape, gpu.device.limits));
    const [input, between, output] = [uploaded(logits), bufferOf(logits.byteLength), bufferOf(48)];
    submit((pass) => {
      recorder.record(pass, first!, { logits: input, result: between });
      recorder.record(pass, second!, { logits: between, stats: output });
    });
    const probabilities = new Float32Array((await wanted(first!, { logits })).buffer as ArrayBuffer);
    expect(await bytesOf(output)).toEqual(await wanted(second!, { logits: probabilities }));
  });

  it("takes ranges of buffers", async () => {
    const plan = rowStats.plan(shape, gpu.device.limits);
    // Any device accepts it as an offset.
    const at = 256;
    const whole = bufferOf(at + logits.byteLength);
    gpu.device.queue.writeBuffer(whole, at, logits as Float32Array<ArrayBuffer>);
    const output = bufferOf(3 * at);
    submit((pass) =>
      recorder.record(pass, plan, {
        logits: { buffer: whole, offset: at, size: logits.byteLength },
        stats: { buffer: output, offset: at, size: 48 },
      })
    );
    expect(await bytesOf(output, at, 48)).toEqual(await wanted(plan, { logits }));
    expect(await bytesOf(output, 0, at)).toEqual(new Uint8Array(at));
    expect(await bytesOf(output, at + 48, at)).toEqual(new Uint8Array(at));
  });

  it("takes scratch of the caller's", async () => {
    const plan = rowStats.plan(shape, gpu.device.limits);
    const scratch = Object.fromEntries(plan.scratch.map(({ name, bytes }) => [name, bufferOf(bytes)]));
    const [input, output] = [uploaded(logits), bufferOf(48)];
    const made = madeBy(() =>
      submit((pass) => recorder.record(pass, plan, { ...scratch, logits: input, stats: output }))
    );
    expect(made.map(({ label }) => label)).toEqual(["uniforms"]);
    expect(await bytesOf(output)).toEqual(await wanted(plan, { logits }));
    expect(await bytesOf(scratch["states"]!)).not.toEqual(new Uint8Array(scratch["states"]!.size));
  });

  it("takes one uniform buffer for a plan of many tiles", async () => {
    const alignment = gpu.device.limits.minStorageBufferOffsetAlignment;
    const { maxBufferSize, maxComputeWorkgroupsPerDimension } = gpu.device.limits;
    const plan = rowStats.plan({ rows: 1000, columns: 6 }, {
      maxBufferSize,
      maxComputeWorkgroupsPerDimension,
      minStorageBufferOffsetAlignment: alignment,
      maxStorageBufferBindingSize: alignment * 6,
    });
    expect(plan.dispatches.length).toBeGreaterThan(10);
    const many = normalRows(1000, 6);
    const [input, output] = [uploaded(many), bufferOf(16_000)];
    const made = madeBy(() => submit((pass) => recorder.record(pass, plan, { logits: input, stats: output })));
    expect(made).toHaveLength(1);
    expect(await bytesOf(output)).toEqual(await wanted(plan, { logits: many }));
  });

  it("forgets a plan: destroys what it kept, and makes it anew where the plan comes again", async () => {
    const plan = rowStats.plan(shape, gpu.device.limits);
    const other = rowStats.plan(shape, gpu.device.limits);
    const [input, output] = [uploaded(logits), bufferOf(48)];
    const run = (each: Plan) =>
      madeBy(() => submit((pass) => recorder.record(pass, each, { logits: input, stats: output })));
    const kept = run(plan);
    expect(kept.length).toBeGreaterThan(1);
    const spies = [...kept, ...run(other), input, output].map((buffer) => vi.spyOn(buffer, "destroy"));
    recorder.forget(plan);
    expect(spies.map(({ mock }) => mock.calls.length)).toEqual([...kept.map(() => 1), ...kept.map(() => 0), 0, 0]);
    recorder.forget(plan);
    expect(spies[0]).toHaveBeenCalledTimes(1);
    expect(run(other)).toHaveLength(0);
    gpu.device.queue.writeBuffer(output, 0, new Float32Array(12));
    expect(run(plan)).toHaveLength(kept.length);
    expect(await bytesOf(output)).toEqual(await wanted(plan, { logits }));
  });

  it("makes its own pipelines where it is given none, and none where it is given them", async () => {
    const [input, output] = [uploaded(logits), bufferOf(48)];
    const create = vi.spyOn(gpu.device, "createComputePipeline");
    /** How many pipelines were compiled by then. */
    const record = (by: Recorder) => {
      const plan = rowStats.plan(shape, gpu.device.limits);
      submit((pass) => by.record(pass, plan, { logits: input, stats: output }));
      return create.mock.calls.length;
    };
    const alone = new Recorder(gpu.device);
    const compiled = record(alone);
    expect(compiled).toBeGreaterThan(0);
    expect(record(alone)).toBe(compiled);
    record(recorder);
    create.mockClear();
    expect(record(new Recorder(gpu.device, gpu.pipelines))).toBe(0);
    create.mockRestore();
    expect(await bytesOf(output)).toEqual(await wanted(rowStats.plan(shape, gpu.device.limits), { logits }));
  });
});

describe("scratch", () => {
  it("of one's own is taken, and made where there is none any more", async () => {
    const own = new Recorder(gpu.device, gpu.pipelines);
    const plan = rowStats.plan(shape, gpu.device.limits);
    const buffers = { logits: uploaded(logits), stats: bufferOf(48) };
    const scratch = Object.fromEntries(plan.scratch.map(({ name, bytes }) => [name, bufferOf(bytes)]));
    const create = vi.spyOn(gpu.device, "createBuffer");
    submit((pass) => own.record(pass, plan, { ...buffers, ...scratch }));
    expect(create.mock.calls.map(([{ label }]) => label)).toEqual(["uniforms"]);
    submit((pass) => own.record(pass, plan, buffers));
    expect(create.mock.calls.map(([{ label }]) => label)).toEqual([
      "uniforms",
      ...plan.scratch.map(({ name }) => name),
    ]);
    create.mockRestore();
    expect(await bytesOf(buffers.stats)).toEqual(await wanted(plan, { logits }));
  });

  it("is not made for a plan that is refused", () => {
    const create = vi.spyOn(gpu.device, "createBuffer");
    const plan = rowStats.plan(shape, gpu.device.limits);
    expect(() => submit((pass) => recorder.record(pass, plan, {}))).toThrow(KernelError);
    expect(create).not.toHaveBeenCalled();
    create.mockRestore();
  });
});

describe("a recorder refuses", () => {
  const whole = { logits: 2400, stats: 48 };

  it.each<[what: string, sizes: Record<string, number>, message: string]>([
    ["a missing input", { stats: 48 }, "no buffer was given for logits"],
    ["a missing output", { logits: 2400 }, "no buffer was given for stats"],
    ["an input that is too small", { ...whole, logits: 2396 }, "the buffer for logits has 2396 bytes; it needs 2400"],
    ["an output that is too small", { ...whole, stats: 32 }, "the buffer for stats has 32 bytes; it needs 48"],
    ["scratch that is too small", { ...whole, states: 16 }, "the buffer for states has 16 bytes; it needs 180"],
  ])("%s, before it records anything", async (_what, sizes, message) => {
    const plan = rowStats.plan(shape, gpu.device.limits);
    const buffers: Buffers = Object.fromEntries(Object.entries(sizes).map(([name, bytes]) => [name, bufferOf(bytes)]));
    const submitted = vi.spyOn(gpu.device.queue, "submit");
    const dispatched = vi.fn();
    expect(() =>
      submit((pass) => {
        vi.spyOn(pass, "dispatchWorkgroups").mockImplementation(dispatched);
        recorder.record(pass, plan, buffers);
      })
    ).toThrow(new KernelError("row_stats", message));
    expect(submitted).not.toHaveBeenCalled();
    expect(dispatched).not.toHaveBeenCalled();
    submitted.mockRestore();
    await gpu.faults.settle();
  });

  it("a range that is too small, whatever its buffer holds", () => {
    const plan = rowStats.plan(shape, gpu.device.limits);
    const buffers = { logits: bufferOf(2400), stats: { buffer: bufferOf(512), offset: 256, size: 44 } };
    expect(() => submit((pass) => recorder.record(pass, plan, buffers))).toThrow(
      new KernelError("row_stats", "the buffer for stats has 44 bytes; it needs 48"),
    );
  });
});
