import type { Gpu } from "./device.ts";
import { type Buffers, clear, encode } from "./encode.ts";
import { KernelError, type Plan } from "./kernel.ts";
import { BufferUsage, MapMode } from "./usage.ts";

/**
 * Runs one plan on arrays and gives its outputs back, in order: upload, dispatch, read. For tests, the doctor and small
 * programs; a loop that keeps its data on the GPU encodes into its own passes.
 *
 * @throws GpuFault where the GPU refused any of it
 */
export async function runOnArrays(
  gpu: Gpu,
  plan: Plan,
  inputs: Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>,
): Promise<ArrayBuffer[]> {
  const { device, faults } = gpu;
  const made: GPUBuffer[] = [];
  const create = (bytes: number, usage: number, label: string) => {
    const buffer = device.createBuffer({ label, size: Math.max(4, Math.ceil(bytes / 4) * 4), usage });
    made.push(buffer);
    return buffer;
  };
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ, UNIFORM } = BufferUsage;
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  let open = 2;
  const closeScopes = () => {
    for (; open > 0; open--) faults.watch(device.popErrorScope(), () => plan.kernel);
  };
  try {
    const buffers: Record<string, GPUBuffer> = {};
    for (const spec of [...plan.inputs, ...plan.outputs, ...plan.scratch]) {
      buffers[spec.name] = create(spec.bytes, STORAGE | COPY_DST | COPY_SRC, spec.name);
    }
    // An input that is also an output is updated in place.
    for (const [name, values] of Object.entries(inputs)) {
      const buffer = buffers[name];
      if (!buffer) throw new KernelError(plan.kernel, `it has no input called ${name}`);
      device.queue.writeBuffer(buffer, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
    }
    const encoder = device.createCommandEncoder({ label: plan.kernel });
    clear(encoder, plan, buffers);
    const pass = encoder.beginComputePass({ label: plan.kernel });
    encode(pass, plan, buffers as Buffers, gpu.pipelines, (contents) => {
      const buffer = create(contents.byteLength, UNIFORM | COPY_DST, "uniforms");
      device.queue.writeBuffer(buffer, 0, contents);
      return buffer;
    });
    pass.end();
    const staged = plan.outputs.map((spec) => {
      const staging = create(spec.bytes, MAP_READ | COPY_DST, `${spec.name} to read`);
      encoder.copyBufferToBuffer(buffers[spec.name]!, 0, staging, 0, staging.size);
      return staging;
    });
    device.queue.submit([encoder.finish()]);
    closeScopes();
    await faults.settle();
    return await faults.reading(() =>
      Promise.all(staged.map(async (staging, index) => {
        await staging.mapAsync(MapMode.READ);
        return staging.getMappedRange().slice(0, plan.outputs[index]!.bytes);
      }))
    );
  } finally {
    closeScopes();
    for (const buffer of made) buffer.destroy();
  }
}
