import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import { kernelTimes } from "../../src/tfjs/kernel_times.ts";
import { softmax } from "../../src/tfjs/operations/softmax.ts";
import { createParameters, FlatParameters, SeparateParameters } from "../../src/tfjs/parameters.ts";
import { currentBackend, resumeGpu, useGpu } from "../../src/tfjs/setup.ts";
import { type StockBackend, useStock } from "../../src/tfjs/stock.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { freshGpu } from "../gpu/open_test_gpu.ts";

let gpu: Gpu;
let ours: PupilBackend;
let stock: StockBackend;
beforeAll(async () => {
  gpu = await freshGpu();
  ours = await useGpu(gpu);
  stock = await useStock(gpu);
});

const flags = () => [
  tf.getBackend(),
  tf.env().getBool("WEBGPU_CPU_FORWARD"),
  tf.env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE"),
  tf.env().getNumber("WEBGPU_MATMUL_PROGRAM_TYPE"),
];

describe("the stock backend beside ours", () => {
  it("takes turns with it, each with its own flags", async () => {
    await stock.resume();
    expect(flags()).toEqual(["stock-webgpu", true, 15, -1]);
    await resumeGpu(ours);
    expect(flags()).toEqual(["webgpu", false, 64, gpu.software ? 3 : -1]);
    await stock.resume({ cpuForward: false });
    expect(flags()).toEqual(["stock-webgpu", false, 15, -1]);
  });

  it("runs composed forms, and none of its kernels on ours", async () => {
    const step = async () => {
      const x = tf.tensor([1, 2, 4, 8, 1, 1], [2, 3]);
      const values = await softmax(x).data();
      return [...values];
    };
    await resumeGpu(ours);
    expect(currentBackend()).toBe(ours);
    let before = ours.kernelCalls;
    const own = await step();
    expect(ours.kernelCalls - before).toBe(1);
    await stock.resume({ cpuForward: false });
    expect(currentBackend()).toBeUndefined();
    before = ours.kernelCalls;
    const others = await step();
    expect(ours.kernelCalls - before).toBe(0);
    own.forEach((value, index) => expect(value).toBeCloseTo(others[index]!, 6));
  });

  it("has parameters and an optimiser of its own, whose gradients and steps are ours", async () => {
    const specs = [{ name: "w", shape: [2, 3], decays: true }, { name: "b", shape: [3], decays: false }];
    const values = new Map([["w", Float32Array.of(1, -2, 3, 0.5, 0.25, -1)], ["b", Float32Array.of(0.1, 0.2, 0.3)]]);
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, clip: 1 };
    const trained = async () => {
      const parameters = createParameters(specs, values);
      const optimizer = createAdamW(parameters, settings, { base: 0.01 });
      for (let step = 0; step < 3; step++) {
        tf.tidy(() => {
          const x = tf.tensor([1, 2, -1, 3], [2, 2]);
          const loss = () => tf.mean(tf.square(tf.add(tf.matMul(x, parameters.get("w")), parameters.get("b"))));
          optimizer.accumulate(valueAndGradients(loss, parameters.all()).gradients);
          optimizer.step();
        });
      }
      const after = [...(await parameters.read()).values()].flatMap((each) => [...each]);
      optimizer.dispose();
      const kind = parameters.constructor;
      parameters.dispose();
      return { kind, after };
    };
    await resumeGpu(ours);
    const own = await trained();
    await stock.resume();
    const others = await trained();
    expect([own.kind, others.kind]).toEqual([FlatParameters, SeparateParameters]);
    expect(own.after).not.toEqual([...values.values()].flatMap((each) => [...each]));
    own.after.forEach((value, index) => expect(value).toBeCloseTo(others.after[index]!, 6));
  });

  it("clips the gradients of more parameters than a program may bind", async () => {
    await stock.resume({ cpuForward: false });
    const count = gpu.device.limits.maxStorageBuffersPerShaderStage + 8;
    const specs = Array.from({ length: count }, (_, index) => ({ name: `${index}`, shape: [4], decays: false }));
    const parameters = createParameters(specs, new Map(specs.map(({ name }) => [name, new Float32Array(4)])));
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, clip: 1 };
    const optimizer = createAdamW(parameters, settings, { base: 0.5 });
    gpu.device.pushErrorScope("validation");
    tf.tidy(() => {
      optimizer.accumulate(specs.map(() => tf.fill([4], 3)));
      optimizer.step();
    });
    stock.flush();
    expect(await gpu.device.popErrorScope()).toBeNull();
    for (const values of (await parameters.read()).values()) {
      for (const value of values) expect(value).toBeCloseTo(-0.5, 5);
    }
    optimizer.dispose();
    parameters.dispose();
  });

  it("counts the kernels that it runs, while it is asked to", async () => {
    await stock.resume({ cpuForward: false });
    const x = tf.tensor([1, 2]);
    expect(stock.count(() => tf.dispose([tf.square(x), tf.exp(x)]))).toBe(2);
    expect(stock.count(() => {})).toBe(0);
  });

  it("tells what it holds", async () => {
    await stock.resume({ cpuForward: false });
    const before = stock.bytes();
    const filled = tf.fill([1000], 1);
    await filled.data();
    expect(stock.bytes() - before).toBeGreaterThanOrEqual(4000);
    filled.dispose();
  });

  it("may be made anew, as a device may be", async () => {
    const other = await useStock(gpu);
    expect([...await tf.square(tf.tensor([3])).data()]).toEqual([9]);
    expect(other.bytes()).toBeGreaterThan(0);
    // The former has let go of all that it held.
    expect(stock.bytes()).toBe(0);
    await resumeGpu(ours);
    expect([...await tf.square(tf.tensor([4])).data()]).toEqual([16]);
  });
});

describe("what a backend of ours tells of itself", () => {
  it("is what it held at most, from when it is asked on", async () => {
    await resumeGpu(ours);
    ours.releaseFreeBuffers();
    ours.resetPeakBytes();
    const before = ours.peakBytes;
    const large = tf.fill([100_000], 1);
    const copy = tf.square(large);
    await copy.data();
    const held = ours.peakBytes - before;
    expect(held).toBeGreaterThanOrEqual(800_000);
    tf.dispose([large, copy]);
    ours.releaseFreeBuffers();
    expect(ours.peakBytes - before).toBe(held);
    ours.resetPeakBytes();
    expect(ours.peakBytes).toBeLessThan(before + 400_000);
  });

  it("is each kernel's calls and time, and changes no result", async () => {
    await resumeGpu(ours);
    const x = tf.randomUniform([64, 300]);
    const plain = await tf.tidy(() => softmax(tf.square(tf.square(x)))).data();
    let observed: tf.Tensor | undefined;
    const times = await kernelTimes(ours, () => {
      observed = tf.tidy(() => softmax(tf.square(tf.square(x))));
    });
    expect(Object.fromEntries(times.map(({ kernel, calls }) => [kernel, calls]))).toEqual({ Square: 2, softmax: 1 });
    const isTimed = gpu.device.features.has("timestamp-query");
    for (const { gpuMs } of times) isTimed ? expect(gpuMs).toBeGreaterThan(0) : expect(gpuMs).toBeNull();
    expect(await observed!.data()).toEqual(plain);
    expect(ours.observer).toBeUndefined();
  });

  it("goes on past the passes that one set of queries holds", async () => {
    await resumeGpu(ours);
    const x = tf.tensor([1, 2, 3]);
    const work = () => {
      for (let time = 0; time < 2100; time++) tf.square(x).dispose();
    };
    expect(await kernelTimes(ours, work)).toEqual([expect.objectContaining({ kernel: "Square", calls: 2100 })]);
  });

  it("leaves nobody listening where the work fails", async () => {
    await resumeGpu(ours);
    const failing = kernelTimes(ours, () => {
      throw new RangeError("no");
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(ours.observer).toBeUndefined();
  });
});
