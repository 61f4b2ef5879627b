import { describe, expect, it } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import { Faults, GpuFault } from "../../src/gpu/faults.ts";
import { KernelError, type Plan, u32 } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { freshGpu, testGpu } from "./open_test_gpu.ts";

const addOne = `
@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@group(0) @binding(1) var<uniform> length: u32;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < length) { values[lane] += 1.0; }
}`;

function planOf(code: string, bytes = 8): Plan {
  return {
    kernel: "add_one",
    inputs: [],
    outputs: [{ name: "values", bytes }],
    scratch: [],
    dispatches: [{
      shader: { label: "add_one", code },
      bindings: [{ buffer: "values" }],
      uniforms: [u32(2)],
      groups: [1, 1, 1],
    }],
  };
}

async function run(gpu: Gpu, plan = planOf(addOne)): Promise<number[]> {
  const [values] = await runOnArrays(gpu, plan, { values: Float32Array.from([1, 2]) });
  return [...new Float32Array(values!)];
}

describe("a run on arrays", () => {
  it("gives what the kernel makes of them", async () => expect(await run(await testGpu())).toEqual([2, 3]));

  it("throws where the compiler refuses the shader, and names the kernel", async () => {
    const refused = run(await freshGpu(), planOf(addOne.replace("1.0", "true")));
    await expect(refused).rejects.toThrow(KernelError);
    await expect(refused).rejects.toThrow(/^add_one: the GPU failed: /);
  });

  it("throws where a binding is over the limit, in place of giving zeros", async () => {
    const gpu = await freshGpu();
    const over = gpu.device.limits.maxStorageBufferBindingSize + 4;
    await expect(runOnArrays(gpu, planOf(addOne, over), {})).rejects.toThrow(/^add_one: the GPU failed: /);
  });

  it("throws for ever after an error that nobody watched for", async () => {
    const gpu = await freshGpu();
    // Mapping for reading goes with no use of a buffer but as the target of copies.
    gpu.device.createBuffer({ size: 16, usage: 0x0001 | 0x0080 });
    await expect(run(gpu)).rejects.toThrow(/^add_one: the GPU refused a command: /);
    await expect(run(gpu)).rejects.toThrow(KernelError);
  });

  it("throws on a device that has been destroyed", async () => {
    const gpu = await freshGpu();
    gpu.device.destroy();
    await expect(run(gpu)).rejects.toThrow(KernelError);
    await gpu.device.lost;
    await expect(run(gpu)).rejects.toThrow(/^add_one: the GPU device was lost: /);
  });
});

describe("faults", () => {
  /** A device that can be lost at will, as a driver's crash does it. */
  function fakeDevice() {
    const { promise: lost, resolve } = Promise.withResolvers<GPUDeviceLostInfo>();
    const lose = (message: string) => resolve({ reason: "unknown", message } as unknown as GPUDeviceLostInfo);
    return { lose, device: Object.assign(new EventTarget(), { lost }) as unknown as GPUDevice };
  }

  it("tell of a lost device in one line, also to who was reading then", async () => {
    const { device, lose } = fakeDevice();
    const faults = new Faults(device);
    faults.check();
    const reading = faults.reading(async () => {
      lose("the driver\n crashed");
      await device.lost;
      return new Float32Array(4);
    });
    await expect(reading).rejects.toThrow(new GpuFault("the GPU device was lost: the driver crashed"));
    expect(() => faults.check()).toThrow(GpuFault);
  });

  it("tell of a lost device also to whose read ended before that was known", async () => {
    const { device, lose } = fakeDevice();
    const reading = new Faults(device).reading(() => {
      setTimeout(() => lose("the driver crashed"), 20);
      return Promise.reject(new DOMException("unmapped", "AbortError"));
    });
    await expect(reading).rejects.toThrow(new GpuFault("the GPU device was lost: the driver crashed"));
  });

  it("keep the first of several, the cause", () => {
    const faults = new Faults(fakeDevice().device);
    faults.report("first");
    faults.report("second");
    expect(() => faults.check()).toThrow("first");
  });

  it("wait for the error scopes that are out, and say what was being done", async () => {
    const faults = new Faults(fakeDevice().device);
    const { promise, resolve } = Promise.withResolvers<GPUError | null>();
    faults.watch(promise, () => "softmax");
    const settled = faults.settle();
    resolve({ message: "too\nlarge" } as GPUError);
    await expect(settled).rejects.toThrow("the GPU failed in softmax: too large");
  });

  it("turn what a host throws at a reader into a fault, and leave failures of ours as they are", async () => {
    const faults = new Faults(fakeDevice().device);
    await expect(faults.reading(() => Promise.reject(new DOMException("gone", "AbortError")))).rejects.toThrow(
      new GpuFault("the GPU gave nothing back: gone"),
    );
    const ours = new GpuFault("over the limit");
    await expect(faults.reading(() => Promise.reject(ours))).rejects.toBe(ours);
  });
});
