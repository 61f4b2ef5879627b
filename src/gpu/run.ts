import type { Gpu } from "./device.ts";
import { clear } from "./encode.ts";
import { KernelError, type Plan } from "./kernel.ts";
import { namingKernel } from "./kernel_failure.ts";
import { Recorder } from "./recorder.ts";
import { BufferUsage, MapMode } from "./usage.ts";

export type Values = Float32Array | Int32Array | Uint32Array;

/**
 * Runs one plan on arrays and gives its outputs back, in order: upload, dispatch, read. For tests, the doctor and small
 * programs; a loop that keeps its data on the GPU records into its own passes.
 *
 * @throws KernelError where an input is not the plan's, or the GPU refused any of it or was lost
 */
export async function runOnArrays(
  gpu: Gpu,
  plan: Plan,
  inputs: Readonly<Record<string, Values>>,
): Promise<ArrayBuffer[]> {
  const session = new ArraySession(gpu, plan);
  try {
    return await session.run(plan, inputs);
  } finally {
    session.close();
  }
}

/** One set of buffers, made for the largest of several plans, through which arrays go in and come out. */
export class ArraySession {
  readonly #buffers: Readonly<Record<string, GPUBuffer>>;
  readonly #staging: Readonly<Record<string, GPUBuffer>>;
  readonly #recorder: Recorder;
  readonly #plans = new Set<Plan>();

  constructor(readonly gpu: Gpu, readonly largest: Plan) {
    const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = BufferUsage;
    const create = ({ name, bytes }: { name: string; bytes: number }, usage: number) =>
      [name, gpu.device.createBuffer({ label: name, size: Math.max(4, Math.ceil(bytes / 4) * 4), usage })] as const;
    gpu.device.pushErrorScope("validation");
    gpu.device.pushErrorScope("out-of-memory");
    const all = [...largest.inputs, ...largest.outputs, ...largest.scratch];
    this.#buffers = Object.fromEntries(all.map((spec) => create(spec, STORAGE | COPY_DST | COPY_SRC)));
    this.#staging = Object.fromEntries(largest.outputs.map((spec) => create(spec, MAP_READ | COPY_DST)));
    this.#closeScopes(largest.kernel);
    this.#recorder = new Recorder(gpu.device, gpu.pipelines);
  }

  /** Runs a plan whose buffers are no larger than those of the largest. */
  run(plan: Plan, inputs: Readonly<Record<string, Values>>): Promise<ArrayBuffer[]> {
    return namingKernel(plan.kernel, () => this.#run(plan, inputs));
  }

  /** Destroys the buffers. */
  close(): void {
    for (const buffer of [...Object.values(this.#buffers), ...Object.values(this.#staging)]) buffer.destroy();
    for (const plan of this.#plans) this.#recorder.forget(plan);
  }

  async #run(plan: Plan, inputs: Readonly<Record<string, Values>>): Promise<ArrayBuffer[]> {
    const { device, faults } = this.gpu;
    this.#plans.add(plan);
    for (const [name, values] of Object.entries(inputs)) {
      // An input that is also an output is updated in place.
      const spec = [...plan.inputs, ...plan.outputs].find((each) => each.name === name);
      if (!spec) throw new KernelError(plan.kernel, `it has no input called ${name}`);
      if (values.byteLength !== spec.bytes) {
        throw new KernelError(plan.kernel, `${name} has ${values.byteLength} bytes; its shape takes ${spec.bytes}`);
      }
    }
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    try {
      for (const [name, values] of Object.entries(inputs)) {
        const { buffer, byteOffset, byteLength } = values;
        device.queue.writeBuffer(this.#buffers[name]!, 0, buffer as ArrayBuffer, byteOffset, byteLength);
      }
      const encoder = device.createCommandEncoder({ label: plan.kernel });
      clear(encoder, plan, this.#buffers);
      const pass = encoder.beginComputePass({ label: plan.kernel });
      this.#recorder.record(pass, plan, this.#buffers);
      pass.end();
      for (const { name, bytes } of plan.outputs) {
        encoder.copyBufferToBuffer(this.#buffers[name]!, 0, this.#staging[name]!, 0, Math.ceil(bytes / 4) * 4);
      }
      device.queue.submit([encoder.finish()]);
    } finally {
      this.#closeScopes(plan.kernel);
    }
    await faults.settle();
    return await faults.reading(() =>
      Promise.all(plan.outputs.map(async ({ name, bytes }) => {
        const staging = this.#staging[name]!;
        await staging.mapAsync(MapMode.READ);
        const values = staging.getMappedRange().slice(0, bytes);
        staging.unmap();
        return values;
      }))
    );
  }

  #closeScopes(kernel: string): void {
    for (let scope = 0; scope < 2; scope++) this.gpu.faults.watch(this.gpu.device.popErrorScope(), () => kernel);
  }
}
