import type { Gpu } from "./device.ts";
import { type BufferSpec, KernelError, type Plan } from "./kernel.ts";
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
  return await withSession(gpu, [plan], (session) => session.run(plan, inputs));
}

/**
 * Gives an {@link ArraySession} for these plans of one kernel to `use`, and closes it.
 *
 * @throws KernelError where its buffers cannot be made, or the GPU fails meanwhile
 */
export function withSession<T>(
  gpu: Gpu,
  plans: readonly [Plan, ...Plan[]],
  use: (session: ArraySession) => Promise<T>,
): Promise<T> {
  return namingKernel(plans[0].kernel, async () => {
    const session = new ArraySession(gpu, plans);
    try {
      return await use(session);
    } finally {
      session.close();
    }
  });
}

/** One set of buffers, each as large as the largest of several plans needs it, through which arrays go in and come out. */
export class ArraySession {
  readonly #buffers: Record<string, GPUBuffer> = {};
  readonly #staging: Record<string, GPUBuffer> = {};
  readonly #recorder: Recorder;

  constructor(readonly gpu: Gpu, readonly plans: readonly [Plan, ...Plan[]]) {
    const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = BufferUsage;
    const create = ({ name, bytes }: BufferSpec, usage: number) =>
      gpu.device.createBuffer({ label: name, size: Math.max(4, Math.ceil(bytes / 4) * 4), usage });
    this.#recorder = new Recorder(gpu.device, gpu.pipelines);
    gpu.device.pushErrorScope("validation");
    gpu.device.pushErrorScope("out-of-memory");
    try {
      const all = ({ inputs, outputs, scratch }: Plan) => [...inputs, ...outputs, ...scratch];
      for (const spec of largest(plans, all)) this.#buffers[spec.name] = create(spec, STORAGE | COPY_DST | COPY_SRC);
      for (const spec of largest(plans, ({ outputs }) => outputs)) {
        this.#staging[spec.name] = create(spec, MAP_READ | COPY_DST);
      }
    } finally {
      this.#closeScopes(plans[0].kernel);
    }
  }

  /** Runs one of the plans. */
  async run(plan: Plan, inputs: Readonly<Record<string, Values>>): Promise<ArrayBuffer[]> {
    const { device, faults } = this.gpu;
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
      this.#recorder.prepare(encoder, plan, this.#buffers);
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

  /** Destroys the buffers. */
  close(): void {
    for (const buffer of [...Object.values(this.#buffers), ...Object.values(this.#staging)]) buffer.destroy();
    for (const plan of this.plans) this.#recorder.forget(plan);
  }

  #closeScopes(kernel: string): void {
    for (let scope = 0; scope < 2; scope++) this.gpu.faults.watch(this.gpu.device.popErrorScope(), () => kernel);
  }
}

/** Each buffer that the plans name, as large as any of them needs it: fewer rows may be cut into more parts. */
function largest(plans: readonly Plan[], specsOf: (plan: Plan) => readonly BufferSpec[]): BufferSpec[] {
  const specs = new Map<string, BufferSpec>();
  for (const spec of plans.flatMap(specsOf)) {
    if (spec.bytes > (specs.get(spec.name)?.bytes ?? -1)) specs.set(spec.name, spec);
  }
  return [...specs.values()];
}
