import { matmul, type MatmulShape, type MatmulVariant } from "../../kernels/matmul/matmul.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Plan } from "../../src/gpu/kernel.ts";
import { Recorder } from "../../src/gpu/recorder.ts";
import { BufferUsage, MapMode } from "../../src/gpu/usage.ts";
import type { Side } from "../measure.ts";
import type { Product, Stored } from "./product.ts";

/** The product as our kernel takes it: dense matrices, whichever way they are stored. */
export function matmulShape({ batch, m, k, n }: Product, stored: Stored): MatmulShape {
  const [isATransposed, isBTransposed] = [stored === "a transposed", stored === "b transposed"];
  return {
    m,
    n,
    k,
    batch: [batch, 1],
    a: { transposed: isATransposed, stride: isATransposed ? m : k, batchStrides: [m * k, 0] },
    b: { transposed: isBTransposed, stride: isBTransposed ? k : n, batchStrides: [k * n, 0] },
    result: { stride: n, batchStrides: [m * n, 0] },
  };
}

/** Our kernel at one product: its buffers, and a side for each variant. */
export class OurProduct {
  readonly #buffers: Readonly<Record<"a" | "b" | "result", GPUBuffer>>;
  readonly #recorder: Recorder;
  readonly #plans: Plan[] = [];

  constructor(
    readonly gpu: Gpu,
    readonly shape: MatmulShape,
    given: { readonly a: Float32Array; readonly b: Float32Array },
  ) {
    const { device } = gpu;
    this.#recorder = new Recorder(device, gpu.pipelines);
    const { STORAGE, COPY_DST, COPY_SRC } = BufferUsage;
    const create = (size: number) => device.createBuffer({ size, usage: STORAGE | COPY_DST | COPY_SRC });
    const filled = (values: Float32Array) => {
      const buffer = create(values.byteLength);
      device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
      return buffer;
    };
    const { outputs: [result] } = matmul.plan(shape, device.limits);
    this.#buffers = { a: filled(given.a), b: filled(given.b), result: create(result!.bytes) };
  }

  side(variant: MatmulVariant): Side {
    const { device } = this.gpu;
    const plan = matmul.plan({ ...this.shape, variant }, device.limits);
    this.#plans.push(plan);
    return {
      name: variant,
      run: async (times) => {
        const encoder = device.createCommandEncoder();
        for (let time = 0; time < times; time++) {
          // Each time anew, as in a training step: filling its textures is a part of a variant that has some.
          this.#recorder.prepare(encoder, plan, this.#buffers);
          const pass = encoder.beginComputePass();
          this.#recorder.record(pass, plan, this.#buffers);
          pass.end();
        }
        device.queue.submit([encoder.finish()]);
        await device.queue.onSubmittedWorkDone();
      },
    };
  }

  /** What stands in the result now. */
  async result(): Promise<Float32Array> {
    const { device } = this.gpu;
    const { result } = this.#buffers;
    const staging = device.createBuffer({ size: result.size, usage: BufferUsage.MAP_READ | BufferUsage.COPY_DST });
    try {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(result, 0, staging, 0, result.size);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(MapMode.READ);
      return new Float32Array(staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  }

  dispose(): void {
    for (const plan of this.#plans) this.#recorder.forget(plan);
    for (const buffer of Object.values(this.#buffers)) buffer.destroy();
  }
}
