import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import type { KernelLimits } from "../../src/gpu/kernel.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { flatLayout } from "../../src/tfjs/flat_layout.ts";
import { FlatParameters, type ParameterSpec, SeparateParameters } from "../../src/tfjs/parameters.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

const limits = (maxStorageBufferBindingSize: number, maxBufferSize = 2 ** 28): KernelLimits => ({
  maxStorageBufferBindingSize,
  maxBufferSize,
  minStorageBufferOffsetAlignment: 256,
  maxComputeWorkgroupsPerDimension: 65535,
});

describe("the layout of flat parameters", () => {
  const parameter = (name: string, ...shape: number[]) => ({ name, shape });

  it("begins each parameter at a multiple of 64 elements, in one segment where that fits", () => {
    const parameters = [parameter("a", 3), parameter("b", 2, 40), parameter("c")];
    expect(flatLayout(parameters, limits(1024))).toEqual({
      segments: [256],
      pieces: [
        { parameter: 0, shape: [3], from: 0, segment: 0, offset: 0 },
        { parameter: 1, shape: [2, 40], from: 0, segment: 0, offset: 256 },
        { parameter: 2, shape: [], from: 0, segment: 0, offset: 768 },
      ],
    });
  });

  it("begins another segment where a binding, or a buffer, would be too small", () => {
    const parameters = [parameter("a", 3), parameter("b", 2, 40), parameter("c")];
    const layout = {
      segments: [192, 64],
      pieces: [
        { parameter: 0, shape: [3], from: 0, segment: 0, offset: 0 },
        { parameter: 1, shape: [2, 40], from: 0, segment: 0, offset: 256 },
        { parameter: 2, shape: [], from: 0, segment: 1, offset: 0 },
      ],
    };
    expect(flatLayout(parameters, limits(768))).toEqual(layout);
    expect(flatLayout(parameters, limits(2048, 768))).toEqual(layout);
  });

  it("keeps parameters apart, in order, and within what a device binds", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(sizes, fc.integer({ min: 2048, max: 9000 }), (lengths, most) => {
      const { segments, pieces } = flatLayout(
        lengths.map((length, index) => parameter(`p${index}`, length)),
        limits(most),
      );
      const ends = segments.map(() => 0);
      pieces.forEach(({ segment, offset }, index) => {
        expect(offset).toBe(ends[segment]!);
        expect(offset % 256).toBe(0);
        ends[segment] = offset + Math.ceil(lengths[index]! / 64) * 256;
      });
      expect(ends).toEqual(segments.map((length) => length * 4));
      expect(Math.max(...ends)).toBeLessThanOrEqual(most);
    }));
  });

  it("cuts a table that no binding holds into parts of like size, by multiples of 64 rows", () => {
    const parameters = [parameter("a", 3), { ...parameter("table", 300, 5), isTable: true }, parameter("b", 7)];
    expect(flatLayout(parameters, limits(150 * 5 * 4))).toEqual({
      segments: [704, 640, 320],
      pieces: [
        { parameter: 0, shape: [3], from: 0, segment: 0, offset: 0 },
        { parameter: 1, shape: [128, 5], from: 0, segment: 0, offset: 256 },
        { parameter: 1, shape: [128, 5], from: 640, segment: 1, offset: 0 },
        { parameter: 1, shape: [44, 5], from: 1280, segment: 2, offset: 0 },
        { parameter: 2, shape: [7], from: 0, segment: 2, offset: 1024 },
      ],
    });
  });

  it("refuses a parameter that no binding holds, by its name", () => {
    const message = (shape: string) =>
      new Failure(`parameter table.weight [${shape}] takes 1280 bytes; this device binds at most 1279 at once`);
    const refused = (shape: number[], isTable: boolean) => () =>
      flatLayout([parameter("a", 3), { ...parameter("table.weight", ...shape), isTable }], limits(1279));
    expect(refused([30, 10], false)).toThrow(message("30,10"));
    expect(refused([30, 10], true)).toThrow(message("30,10"));
    expect(refused([10, 30], true)).toThrow(message("10,30"));
    expect(refused([80, 4], true)).not.toThrow();
  });
});

const specs: ParameterSpec[] = [
  { name: "table", shape: [9, 36], decays: true },
  { name: "weight", shape: [12, 15], decays: true },
  { name: "bias", shape: [3], decays: false },
  { name: "scale", shape: [], decays: false },
];
const sizeOf = ({ shape }: ParameterSpec) => shape.reduce((size, each) => size * each, 1);
const values = new Map(specs.map((spec) => [spec.name, normalRows(1, sizeOf(spec), 1, spec.name)]));
const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, clip: 1 };

function gradientsOf(key: string, poison?: number): tf.Tensor[] {
  return specs.map((spec) => {
    const own = normalRows(1, sizeOf(spec), 1, `${spec.name} ${key}`);
    if (poison !== undefined && spec.name === "weight") own[7] = poison;
    return tf.tensor(own, [...spec.shape]);
  });
}

describe("flat parameters in several buffers", () => {
  /** Four steps, the last of three batches. */
  async function trained(own: KernelLimits) {
    const parameters = new FlatParameters(backend, specs, values, own);
    const optimizer = createAdamW(parameters, settings, { base: 0.1, rising: 2, steps: 6 });
    for (const batches of [1, 1, 2, 3]) {
      for (let batch = 0; batch < batches; batch++) optimizer.accumulate(gradientsOf(`${batches} ${batch}`));
      optimizer.step();
    }
    const result = await parameters.read();
    const buffers = parameters.buffers.length;
    optimizer.dispose();
    parameters.dispose();
    return { result, buffers };
  }

  it("hold what they were given, by name", async () => {
    const parameters = new FlatParameters(backend, specs, values, limits(1536));
    expect(parameters.buffers.length).toBe(2);
    expect(await parameters.read()).toEqual(values);
    for (const { name, shape } of specs) {
      expect(parameters.get(name).shape).toEqual(shape);
      expect(await parameters.get(name).data()).toEqual(values.get(name));
    }
    parameters.dispose();
  });

  it("train as in one, and the same to the bit each time", async () => {
    const [one, several, again] = [
      await trained(limits(8192)),
      await trained(limits(1536)),
      await trained(limits(1536)),
    ];
    expect([one.buffers, several.buffers]).toEqual([1, 2]);
    for (const { name } of specs) {
      expect(one.result.get(name)).not.toEqual(values.get(name));
      expectClose(several.result.get(name)!, one.result.get(name)!, 1e-6, name);
    }
    expect(again.result).toEqual(several.result);
  });

  it("refuse a parameter that no binding holds, with nothing allocated", () => {
    const bytes = () => (tf.memory() as unknown as Record<string, number>).numBytesAllocatedInGPU;
    const before = bytes();
    expect(() => new FlatParameters(backend, specs, values, limits(1280))).toThrow(
      new Failure("parameter table [9,36] takes 1536 bytes; this device binds at most 1280 at once"),
    );
    expect(bytes()).toBe(before);
  });
});

describe("an optimiser", () => {
  const kinds = () => [new FlatParameters(backend, specs, values), new SeparateParameters(specs, values)];

  it("tells the first step whose gradient is not finite, wherever the parameters lie", async () => {
    for (const parameters of kinds()) {
      const optimizer = createAdamW(parameters, settings, { base: 0.1 });
      for (const [step, poison] of [undefined, undefined, NaN, Infinity, undefined].entries()) {
        optimizer.accumulate(gradientsOf(String(step), poison));
        optimizer.step();
        expect([...await optimizer.frozen().data()]).toEqual([step < 2 ? 0 : 3]);
      }
      optimizer.dispose();
      parameters.dispose();
    }
  });

  it("changes no flat parameter in that step, or after it", async () => {
    const [parameters] = kinds();
    const optimizer = createAdamW(parameters!, settings, { base: 0.1 });
    const reads: Map<string, Float32Array>[] = [];
    for (const [step, poison] of [undefined, NaN, undefined].entries()) {
      optimizer.accumulate(gradientsOf(String(step), poison));
      optimizer.step();
      reads.push(await parameters!.read());
    }
    expect(reads[0]).not.toEqual(values);
    expect(reads[1]).toEqual(reads[0]);
    expect(reads[2]).toEqual(reads[0]);
    optimizer.dispose();
    parameters!.dispose();
  });

  it("refuses a step of no gradients", () => {
    for (const parameters of kinds()) {
      const optimizer = createAdamW(parameters, settings, { base: 0.1 });
      expect(() => optimizer.step()).toThrow("a step of no gradients");
      optimizer.dispose();
      parameters.dispose();
    }
  });
});
