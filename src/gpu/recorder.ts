import { type Buffers, createTexture, encode, prepare, requireBuffers } from "./encode.ts";
import type { Plan } from "./kernel.ts";
import { Pipelines } from "./pipelines.ts";
import { BufferUsage } from "./usage.ts";

/** What is made once for a plan. */
interface Kept {
  readonly scratch: Record<string, GPUBuffer>;
  readonly textures: Record<string, GPUTexture>;
  uniforms?: GPUBuffer;
}

/**
 * Records kernels into compute passes of one device, and keeps what that takes: compiled pipelines, and for each plan its
 * uniforms, scratch and textures. A plan that is recorded again makes no buffer and no pipeline. Does not submit and does not wait.
 */
export class Recorder {
  readonly #kept = new WeakMap<Plan, Kept>();
  readonly #pipelines: Pipelines;

  constructor(readonly device: GPUDevice, pipelines: Pipelines = new Pipelines(device)) {
    this.#pipelines = pipelines;
  }

  /**
   * Does on the encoder, before the pass that {@link record} records into, what some plans want done there: clears what they mark as
   * cleared, and fills their textures. For all other plans it does nothing.
   *
   * @throws KernelError where a buffer is missing or smaller than the plan says
   */
  prepare(encoder: GPUCommandEncoder, plan: Plan, buffers: Buffers): void {
    const { scratch, textures } = this.#keptFor(plan, buffers);
    prepare(encoder, plan, { ...scratch, ...buffers }, textures);
  }

  /**
   * `buffers` are the plan's inputs and outputs by their names, with usage STORAGE. Scratch of one's own may be among them.
   *
   * @throws KernelError where one is missing or smaller than the plan says
   */
  record(pass: GPUComputePassEncoder, plan: Plan, buffers: Buffers): void {
    const kept = this.#keptFor(plan, buffers);
    const uniforms = (contents: ArrayBuffer) => kept.uniforms ??= this.#uniforms(contents);
    encode(pass, plan, { ...kept.scratch, ...buffers }, this.#pipelines, uniforms, kept.textures);
  }

  /** Destroys what is kept for a plan, once the commands that it was recorded into have run. */
  forget(plan: Plan): void {
    const kept = this.#kept.get(plan);
    if (!kept) return;
    this.#kept.delete(plan);
    kept.uniforms?.destroy();
    for (const made of [...Object.values(kept.scratch), ...Object.values(kept.textures)]) made.destroy();
  }

  #keptFor(plan: Plan, buffers: Buffers): Kept {
    requireBuffers(plan.kernel, [...plan.inputs, ...plan.outputs], buffers);
    const kept: Kept = this.#kept.get(plan) ?? { scratch: {}, textures: {} };
    for (const { name, bytes } of plan.scratch) {
      if (!buffers[name]) kept.scratch[name] ??= this.#scratch(name, bytes);
    }
    for (const spec of plan.textures ?? []) kept.textures[spec.name] ??= createTexture(this.device, spec);
    this.#kept.set(plan, kept);
    return kept;
  }

  #scratch(label: string, size: number): GPUBuffer {
    return this.device.createBuffer({ label, size, usage: BufferUsage.STORAGE | BufferUsage.COPY_DST });
  }

  #uniforms(contents: ArrayBuffer): GPUBuffer {
    const usage = BufferUsage.UNIFORM | BufferUsage.COPY_DST;
    const buffer = this.device.createBuffer({ label: "uniforms", size: contents.byteLength, usage });
    this.device.queue.writeBuffer(buffer, 0, contents);
    return buffer;
  }
}
