import {
  type Binding,
  type BufferSpec,
  KernelError,
  type Plan,
  type TextureBinding,
  type TextureSpec,
} from "./kernel.ts";
import type { Pipelines } from "./pipelines.ts";
import { TextureUsage } from "./usage.ts";

/** The buffers of a plan, by the names that it gives them; each a whole buffer or a range of one. */
export type Buffers = Readonly<Record<string, GPUBuffer | BufferRange>>;

/** A plan's textures by their names, as {@link createTexture} makes them. */
export type Textures = Readonly<Record<string, GPUTexture>>;

export interface BufferRange {
  readonly buffer: GPUBuffer;
  /** In bytes. */
  readonly offset: number;
  readonly size: number;
}

/** Gives a uniform buffer with these contents, good until the commands that use it have run. Asked once a plan. */
export type UniformSource = (contents: ArrayBuffer) => GPUBuffer;

/**
 * Records a plan's dispatches into a compute pass, in order. Does not submit and does not wait. What {@link prepare} does on the
 * encoder comes before the pass.
 *
 * @throws KernelError where a buffer is missing or smaller than the plan says, or a texture is missing
 */
export function encode(
  pass: GPUComputePassEncoder,
  plan: Plan,
  buffers: Buffers,
  pipelines: Pipelines,
  uniforms: UniformSource,
  textures: Textures = {},
): void {
  requireBuffers(plan.kernel, [...plan.inputs, ...plan.outputs, ...plan.scratch], buffers);
  const { contents, offsets, sizes } = packUniforms(plan, pipelines.device.limits.minUniformBufferOffsetAlignment);
  const uniformBuffer = uniforms(contents);
  plan.dispatches.forEach((dispatch, number) => {
    const { pipeline, layout } = pipelines.get(dispatch.shader, dispatch.constants);
    const entries: GPUBindGroupEntry[] = dispatch.bindings.map((binding, index) => ({
      binding: index,
      resource: "texture" in binding
        ? viewOf(plan.kernel, binding, textures)
        : resourceOf(buffers[binding.buffer]!, binding),
    }));
    entries.push({
      binding: entries.length,
      resource: { buffer: uniformBuffer, offset: offsets[number]!, size: sizes[number]! },
    });
    const group = pipelines.device.createBindGroup({
      label: dispatch.shader.label,
      layout,
      entries,
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...dispatch.groups);
  });
}

/** @throws KernelError where a buffer is missing or smaller than its spec says */
export function requireBuffers(kernel: string, specs: readonly BufferSpec[], buffers: Buffers): void {
  for (const { name, bytes } of specs) {
    const buffer = buffers[name];
    if (!buffer) throw new KernelError(kernel, `no buffer was given for ${name}`);
    if (buffer.size < bytes) {
      throw new KernelError(kernel, `the buffer for ${name} has ${buffer.size} bytes; it needs ${bytes}`);
    }
  }
}

/** Does what a plan wants done before its pass: sets buffers to zero and fills textures. */
export function prepare(encoder: GPUCommandEncoder, plan: Plan, buffers: Buffers, textures: Textures = {}): void {
  clear(encoder, plan, buffers);
  for (const { name, source, width, height, rowBytes } of plan.textures ?? []) {
    const { buffer, offset } = rangeOf(buffers[source]!);
    encoder.copyBufferToTexture(
      { buffer, offset, bytesPerRow: rowBytes },
      { texture: textures[name]! },
      [width, height],
    );
  }
}

/** Whether {@link prepare} has anything to do for a plan. */
export function needsPreparing({ outputs, scratch, textures = [] }: Plan): boolean {
  return textures.length > 0 || [...outputs, ...scratch].some(({ cleared }) => cleared);
}

/** A texture as a plan wants it. */
export function createTexture(device: GPUDevice, { name, format, width, height }: TextureSpec): GPUTexture {
  const usage = TextureUsage.COPY_DST | TextureUsage.TEXTURE_BINDING;
  return device.createTexture({ label: name, size: [width, height], format, usage });
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

function viewOf(kernel: string, { texture: name }: TextureBinding, textures: Textures): GPUTextureView {
  const texture = textures[name];
  if (!texture) throw new KernelError(kernel, `its texture ${name} was not prepared`);
  return texture.createView();
}

function resourceOf(given: GPUBuffer | BufferRange, { offset = 0, size }: Binding): GPUBufferBinding {
  const range = rangeOf(given);
  return { buffer: range.buffer, offset: range.offset + offset, size: size ?? range.size };
}

/** The uniforms of all dispatches in one buffer, each at an offset that the device accepts: a plan of many tiles needs no more buffers. */
function packUniforms({ dispatches }: Plan, alignment: number) {
  const sizes = dispatches.map(({ uniforms }) => Math.ceil(uniforms.length / 4) * 16);
  let end = 0;
  const offsets = sizes.map((size) => {
    const offset = Math.ceil(end / alignment) * alignment;
    end = offset + size;
    return offset;
  });
  const words = new DataView(new ArrayBuffer(end));
  dispatches.forEach(({ uniforms }, number) =>
    uniforms.forEach((word, index) => {
      const at = offsets[number]! + index * 4;
      if ("u32" in word) words.setUint32(at, word.u32, true);
      else words.setFloat32(at, word.f32, true);
    })
  );
  return { contents: words.buffer, offsets, sizes };
}
