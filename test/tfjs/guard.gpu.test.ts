import * as tf from "@tensorflow/tfjs-core";
import { beforeEach, describe, expect, it } from "vitest";
import { KernelError } from "../../src/gpu/kernel.ts";
import { GpuFault } from "../../src/gpu/faults.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { softmax } from "../../src/tfjs/operations/softmax.ts";
import { SeparateParameters } from "../../src/tfjs/parameters.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { freshGpu } from "../gpu/open_test_gpu.ts";

let backend: PupilBackend;
beforeEach(async () => {
  backend = await useGpu(await freshGpu());
});

/** Mapping for reading goes with no use of a buffer but as the target of copies. */
const refused: GPUBufferDescriptor = { size: 16, usage: 0x0001 | 0x0080 };

describe("an allocation over the limits", () => {
  it("is refused before it is made, by the name of the operation and of the adapter, never answered with zeros", async () => {
    const { gpu } = backend;
    const most = gpu.device.limits.maxStorageBufferBindingSize;
    const square = async () => (await tf.square(tf.fill([most / 4 + 1], 3)).data())[0];
    await expect(square()).rejects.toThrow(GpuFault);
    await expect(square()).rejects.toThrow(
      `Fill needs a buffer of ${
        most + 4
      } bytes; '${gpu.name}' allows at most ${most}. Use a smaller batch or text length`,
    );
  });

  it("is refused where an operation's result is over them, though its inputs are not", () => {
    const side = Math.ceil(Math.sqrt(backend.gpu.device.limits.maxStorageBufferBindingSize / 4)) + 1;
    expect(() => tf.matMul(tf.ones([side, 1]), tf.ones([1, side]))).toThrow(/^BatchMatMul needs a buffer of /);
  });

  it("harms nothing else: what is within them still computes", async () => {
    const most = backend.gpu.device.limits.maxStorageBufferBindingSize;
    expect(() => tf.fill([most], 1)).toThrow(GpuFault);
    expect([...await tf.square(tf.fill([3], 3)).data()]).toEqual([9, 9, 9]);
  });
});

describe("what the GPU refuses", () => {
  it("is thrown at the next reader, with the operations that were under way", async () => {
    const result = softmax(tf.square(tf.tensor([1, 2, 3])));
    backend.gpu.device.createBuffer(refused);
    await expect(result.data()).rejects.toThrow(/^the GPU failed in one of: Square, softmax: ./);
    expect(() => tf.square(tf.tensor([1]))).toThrow(GpuFault);
  });

  it("is thrown where a command reaches outside of a buffer", async () => {
    backend.copyInto(backend.createBuffer(8), [tf.tensor([1, 2, 3, 4])], [0]);
    await expect(tf.square(tf.tensor([1])).data()).rejects.toThrow(/^the GPU failed in one of: copy, Square: ./);
  });

  it("is thrown where nobody watched for it", async () => {
    const result = tf.square(tf.tensor([1, 2, 3]));
    backend.flush();
    backend.gpu.device.createBuffer(refused);
    await expect(result.data()).rejects.toThrow(/^the GPU refused a command: ./);
  });

  it("names a buffer that is too small for a kernel before anything is recorded", () => {
    const [x, y] = [tf.tensor([1, 2, 3]), backend.createBuffer(4)];
    const shader = { label: "copy", code: "" };
    const plan = {
      kernel: "copy",
      inputs: [{ name: "from", bytes: 12 }],
      outputs: [{ name: "to", bytes: 12 }],
      scratch: [],
      dispatches: [{ shader, bindings: [], uniforms: [], groups: [1, 1, 1] as const }],
    };
    expect(() => backend.record(plan, { from: backend.rangeOf(x), to: y })).toThrow(
      new KernelError("copy", "the buffer for to has 4 bytes; it needs 12"),
    );
    expect(() => backend.record(plan, { from: backend.rangeOf(x) })).toThrow("copy: no buffer was given for to");
  });
});

describe("a device that is gone", () => {
  it("gives a reader an exception, at once and later", async () => {
    const result = tf.square(tf.tensor([1, 2, 3]));
    const { device } = backend.gpu;
    device.destroy();
    await expect(result.data()).rejects.toThrow(GpuFault);
    await device.lost;
    await expect(result.data()).rejects.toThrow(/^the GPU device was lost: /);
    expect(() => tf.square(tf.tensor([4]))).toThrow(GpuFault);
  });

  it("gives no parameters", async () => {
    const specs = [{ name: "weight", shape: [2], decays: true }];
    const parameters = new SeparateParameters(specs, new Map([["weight", Float32Array.from([1, 2])]]));
    parameters.update(tf.square);
    backend.gpu.device.destroy();
    await expect(parameters.read()).rejects.toThrow(GpuFault);
  });
});

it("buffers of many sizes that are kept for reuse do not add up", async () => {
  const bytes = () => (backend.memory() as unknown as Record<string, number>).numBytesAllocatedInGPU!;
  for (let size = 0; size < 12; size++) {
    const x = tf.fill([2 ** 22 + 64 * size], 1);
    const y = tf.square(x);
    expect((await tf.slice(y, [0], [1]).data())[0]).toBe(1);
    tf.dispose([x, y]);
  }
  // Two of 16 MiB were in use at once, of twenty-four.
  expect(bytes()).toBeLessThan(1.2 * 2 * 2 ** 24 + 2 ** 26);
  backend.releaseFreeBuffers();
});

it("a buffer that is the first thing made on a device is given back as any other", () => {
  backend.destroyBuffer(backend.createBuffer(256));
  expect(backend.memory()).toMatchObject({ numBytesInGPU: 0, numBytesAllocatedInGPU: 0 });
});

describe("a synchronous read", () => {
  it("is refused of a tensor on the GPU, in either of its forms", () => {
    const x = tf.square(tf.tensor([1, 2, 3]));
    for (const read of [() => x.dataSync(), () => x.arraySync(), () => x.bufferSync()]) {
      expect(read).toThrow(new GpuFault("a tensor on the GPU cannot be read synchronously; use data()"));
    }
  });

  it("is given of one that the CPU still has", () => {
    expect([...tf.tensor([1, 2, 3]).dataSync()]).toEqual([1, 2, 3]);
  });
});
