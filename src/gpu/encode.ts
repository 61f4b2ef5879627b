import { type Binding, type Dispatch, KernelError, type Plan } from "./kernel.ts";
import type { Pipelines } from "./pipelines.ts";

/** The buffers of a plan, by the names that it gives them; each a whole buffer or a range of one. */
export type Buffers = Readonly<Record<string, GPUBuffer | BufferRange>>;

export interface BufferRange {
  readonly buffer: GPUBuffer;
  /** In bytes. */
  readonly offset: number;
  readonly size: number;
}

/** Gives a uniform buffer with these contents, good until the commands that use it have run. */
export type UniformSource = (contents: ArrayBuffer) => GPUBuffer;

/**
 * Records a plan's dispatches into a compute pass, in order. Does not submit and does not wait. Buffers that the plan wants
 * cleared must be zero already: {@link clear} does that on the encoder, before the pass.
 *
 * @throws KernelError where a buffer is missing or smaller than the plan says
 */
export function encode(
  pass: GPUComputePassEncoder,
  plan: Plan,
  buffers: Buffers,
  pipelines: Pipelines,
  uniforms: UniformSource,
): void {
  for (const spec of [...plan.inputs, ...plan.outputs, ...plan.scratch]) {
    const buffer = buffers[spec.name];
    if (!buffer) throw new KernelError(plan.kernel, `no buffer was given for ${spec.name}`);
    if (buffer.size < spec.bytes) {
      throw new KernelError(
        plan.kernel,
        `the buffer for ${spec.name} has ${buffer.size} bytes; it needs ${spec.bytes}`,
      );
    }
  }
  for (const dispatch of plan.dispatches) {
    const { pipeline, layout } = pipelines.get(dispatch.shader, dispatch.constants);
    const entries: GPUBindGroupEntry[] = dispatch.bindings.map((binding, index) => ({
      binding: index,
      resource: resourceOf(buffers[binding.buffer]!, binding),
    }));
    entries.push({ binding: entries.length, resource: { buffer: uniforms(pack(dispatch)) } });
    const group = pipelines.device.createBindGroup({
      label: dispatch.shader.label,
      layout,
      entries,
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...dispatch.groups);
  }
}

/** Sets to zero what the plan wants cleared. */
export function clear(encoder: GPUCommandEncoder, plan: Plan, buffers: Buffers): void {
  for (const spec of [...plan.outputs, ...plan.scratch]) {
    if (!spec.cleared) continue;
    const { buffer, offset } = rangeOf(buffers[spec.name]!);
    encoder.clearBuffer(buffer, offset, spec.bytes);
  }
}

/** The whole of a buffer as a range, or the range itself. */
export function rangeOf(given: GPUBuffer | BufferRange): BufferRange {
  return "buffer" in given ? given : { buffer: given, offset: 0, size: given.size };
}

function resourceOf(given: GPUBuffer | BufferRange, { offset = 0, size }: Binding): GPUBufferBinding {
  const range = rangeOf(given);
  return { buffer: range.buffer, offset: range.offset + offset, size: size ?? range.size };
}

function pack(dispatch: Dispatch): ArrayBuffer {
  const words = new DataView(new ArrayBuffer(Math.ceil(dispatch.uniforms.length / 4) * 16));
  dispatch.uniforms.forEach((word, index) => {
    if ("u32" in word) words.setUint32(index * 4, word.u32, true);
    else words.setFloat32(index * 4, word.f32, true);
  });
  return words.buffer;
}
