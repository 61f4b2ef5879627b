import { type Buffers, encode, requireBuffers } from "./encode.ts";
import type { Plan } from "./kernel.ts";
import { Pipelines } from "./pipelines.ts";
import { BufferUsage } from "./usage.ts";

/** What is made once for a plan. */
interface Kept {
  readonly scratch: Record<string, GPUBuffer>;
  uniforms?: GPUBuffer;
}

/**
 * Records kernels into compute passes of one device, and keeps what that takes: compiled pipelines, and for each plan its
 * uniforms and its scratch. A plan that is recorded again makes no buffer and no pipeline. Does not submit and does not wait.
 */
export class Recorder {
  readonly #kept = new WeakMap<Plan, Kept>();
  readonly #pipelines: Pipelines;

  constructor(readonly device: GPUDevice, pipelines: Pipelines = new Pipelines(device)) {
    this.#pipelines = pipelines;
  }

  /**
   * `buffers` are the plan's inputs and outputs by their names, with usage STORAGE. Scratch of one's own may be among them. What
   * a plan marks as cleared must be zero: `clear` sees to that on the encoder, before the pass.
   *
   * @throws KernelError where one is missing or smaller than the plan says
   */
  record(pass: GPUComputePassEncoder, plan: Plan, buffers: Buffers): void {
    requireBuffers(plan.kernel, [...plan.inputs, ...plan.outputs], buffers);
    const kept = this.#kept.get(plan) ?? { scratch: {} };
    for (const { name, bytes } of plan.scratch) {
      if (!buffers[name]) kept.scratch[name] ??= this.#scratch(name, bytes);
    }
    this.#kept.set(plan, kept);
    encode(pass, plan, { ...kept.scratch, ...buffers }, this.#pipelines, (contents) => {
      return kept.uniforms ??= this.#uniforms(contents);
    });
  }

  /** Destroys what is kept for a plan, once the commands that it was recorded into have run. */
  forget(plan: Plan): void {
    const kept = this.#kept.get(plan);
    if (!kept) return;
    this.#kept.delete(plan);
    kept.uniforms?.destroy();
    for (const buffer of Object.values(kept.scratch)) buffer.destroy();
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
