import { type Buffers, encode } from "./encode.ts";
import type { Plan } from "./kernel.ts";
import { Pipelines } from "./pipelines.ts";
import { BufferUsage } from "./usage.ts";

/**
 * Records kernels into compute passes of one device, and keeps what that takes: compiled pipelines, and for each plan its
 * uniforms and its scratch. A plan that is recorded again allocates nothing. Does not submit and does not wait.
 */
export class Recorder {
  readonly #kept = new WeakMap<
    Plan,
    { readonly uniforms: GPUBuffer; readonly scratch: Readonly<Record<string, GPUBuffer>> }
  >();
  readonly #pipelines: Pipelines;

  constructor(readonly device: GPUDevice, pipelines: Pipelines = new Pipelines(device)) {
    this.#pipelines = pipelines;
  }

  /**
   * `buffers` are the plan's inputs and outputs by their names, with usage STORAGE. Scratch of one's own may be among them.
   *
   * @throws KernelError where one is missing or smaller than the plan says
   */
  record(pass: GPUComputePassEncoder, plan: Plan, buffers: Buffers): void {
    const kept = this.#kept.get(plan);
    const scratch = kept?.scratch ?? this.#scratch(plan, buffers);
    encode(pass, plan, { ...scratch, ...buffers }, this.#pipelines, (contents) => {
      if (kept) return kept.uniforms;
      const uniforms = this.#uniforms(contents);
      this.#kept.set(plan, { uniforms, scratch });
      return uniforms;
    });
  }

  /** Destroys what is kept for a plan, once the commands that it was recorded into have run. */
  forget(plan: Plan): void {
    const kept = this.#kept.get(plan);
    if (!kept) return;
    this.#kept.delete(plan);
    for (const buffer of [kept.uniforms, ...Object.values(kept.scratch)]) buffer.destroy();
  }

  /** What the caller has no buffer for. */
  #scratch(plan: Plan, given: Buffers): Record<string, GPUBuffer> {
    const usage = BufferUsage.STORAGE | BufferUsage.COPY_DST;
    return Object.fromEntries(
      plan.scratch.filter(({ name }) => !given[name]).map((
        { name, bytes },
      ) => [name, this.device.createBuffer({ label: name, size: bytes, usage })]),
    );
  }

  #uniforms(contents: ArrayBuffer): GPUBuffer {
    const usage = BufferUsage.UNIFORM | BufferUsage.COPY_DST;
    const buffer = this.device.createBuffer({ label: "uniforms", size: contents.byteLength, usage });
    this.device.queue.writeBuffer(buffer, 0, contents);
    return buffer;
  }
}
