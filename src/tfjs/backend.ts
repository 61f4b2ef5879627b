import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type DataType, env, type Tensor, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Gpu } from "../gpu/device.ts";
import {
  type BufferRange,
  type Buffers,
  createTexture,
  encode,
  needsPreparing,
  prepare,
  rangeOf,
} from "../gpu/encode.ts";
import { GpuFault, OutOfMemory } from "../gpu/faults.ts";
import { type Plan, TEXEL_BYTES, type TextureSpec } from "../gpu/kernel.ts";
import { BufferUsage, MapMode } from "../gpu/usage.ts";

type DataId = TensorInfo["dataId"];

/** What the stock backend keeps of a tensor, and `view`, which is ours: a tensor that is a range of a larger buffer. */
interface TensorData {
  resource?: GPUBuffer | null;
  values?: unknown;
  dtype: DataType;
  shape: number[];
  refCount: number;
  external?: boolean;
  view?: { readonly offset: number; readonly size: number };
}

interface BufferManager {
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GPUBuffer;
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
  readonly freeBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  readonly numBytesUsed: number;
  /** Those that are kept for reuse included. */
  numBytesAllocated: number;
}

/** The private parts of the stock backend that we use, at the version that is pinned; nothing else in Pupil knows of them. */
interface Internals {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
  uniformPendingDisposal: GPUBuffer[];
  bufferManager: BufferManager;
  tensorMap: {
    get(dataId: DataId): TensorData;
    set(dataId: DataId, data: TensorData): void;
    has(dataId: DataId): boolean;
  };
  nextDataId(): number;
  /** Binds a stock program and records its dispatch, in the current pass or in a new one. */
  recordAndSubmit(...given: readonly unknown[]): void;
  /** How the stock backend binds each input and output of a program. */
  tensorToBinding(tensor?: TensorInfo): GPUBufferBinding | null;
}

export interface OutputSpec {
  /** The plan's name of the output. */
  readonly name: string;
  readonly shape: number[];
  readonly dtype: DataType;
}

/** A tensor without its first `from` elements. */
export interface TensorRange {
  readonly tensor: TensorInfo;
  readonly from: number;
}

/** Told of what a backend of ours does; see `kernelTimes`. */
export interface Observer {
  /** An operation begins, stock or own. */
  operation(name: string): void;
  /** Where it is there, what is recorded of each operation gets compute passes of its own, which begin with this. */
  pass?(operation: string): GPUComputePassDescriptor;
}

/** Another way to compute linear layers. */
export interface LinearLayers {
  /** x W^T + b, without b where there is none; undefined where it cannot. */
  linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor | undefined;
}

/**
 * The stock WebGPU backend on a device of ours, made to speak up.
 *
 * The stock one gives zeros where an allocation is over a limit. Here each allocation is checked before it is made, each
 * submission runs inside error scopes, and whoever reads a tensor waits for both: what the GPU refused is an exception that
 * names the operation. It also runs our kernels on tensors, in the order of the other operations and without copies.
 */
export class PupilBackend extends WebGPUBackend {
  /** How many operations have run on the GPU, stock and own: a measure of a step's cost. */
  kernelCalls = 0;
  /** Nobody, but for measuring. */
  observer: Observer | undefined;
  /** Takes linear layers over, for the time of a pass; `HalfProducts.during` alone sets it. */
  linearLayers: LinearLayers | undefined;
  #peakBytes = 0;
  /** The most bytes of buffers that were used at once since {@link releaseFreeBuffers}. */
  #mostUsed = 0;
  readonly #keptTextures = new Map<string, { readonly texture: GPUTexture; readonly bytes: number }>();
  #operation = "an operation";
  #inSubmission = new Set<string>();
  #scopesOpen = false;

  constructor(readonly gpu: Gpu) {
    super(gpu.device as never, gpu.info as never);
    const manager = this.#internals.bufferManager;
    // The stock manager gives nothing back for as long as it has no list of free buffers at all.
    manager.freeBuffers.set("none", []);
    const acquire = manager.acquireBuffer.bind(manager);
    manager.acquireBuffer = (size, usage, mappedAtCreation, reuse) => {
      this.#guard(size, usage);
      const isNew = reuse === false || !manager.freeBuffers.get(`${size}_${usage}`)?.length;
      if (isNew) this.#makeRoom(size);
      const make = () => acquire(size, usage, mappedAtCreation, reuse);
      const buffer = isNew && size >= LARGE ? this.#watched(make) : make();
      this.#peakBytes = Math.max(this.#peakBytes, manager.numBytesAllocated);
      this.#mostUsed = Math.max(this.#mostUsed, manager.numBytesUsed);
      return buffer;
    };
    const recordProgram = this.#internals.recordAndSubmit.bind(this);
    this.#internals.recordAndSubmit = (...given) => {
      if (this.observer?.pass) {
        this.ensureCommandEncoderReady();
        this.#openPass(this.#operation);
      }
      recordProgram(...given);
    };
    this.#internals.tensorToBinding = (tensor) => this.#bindingOf(tensor);
  }

  get #internals(): Internals {
    return this as unknown as Internals;
  }

  /**
   * The most bytes of buffers that were held at once since {@link resetPeakBytes}: tensors, parameters, scratch, uniforms, and what
   * is kept for reuse.
   */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Begins {@link peakBytes} anew, at what is held now. */
  resetPeakBytes(): void {
    this.#peakBytes = this.#internals.bufferManager.numBytesAllocated;
  }

  /** Runs an operation under its name, which errors then carry. */
  during<T>(operation: string, run: () => T): T {
    const outer = this.#operation;
    this.#operation = operation;
    this.kernelCalls++;
    this.observer?.operation(operation);
    this.#enter(operation);
    try {
      return run();
    } catch (thrown) {
      // What a host throws where a buffer cannot be made or written, as on a device that is being lost.
      if (thrown instanceof DOMException) throw new GpuFault(`the GPU failed in ${operation}: ${thrown.message}`);
      throw thrown;
    } finally {
      this.#operation = outer;
    }
  }

  /**
   * Runs a kernel of ours on tensors: in order with all other operations, without copies, with any number of outputs. What it changes
   * in place is among the inputs.
   */
  runPlan(
    plan: Plan,
    inputs: Readonly<Record<string, TensorInfo | TensorRange>>,
    outputs: readonly OutputSpec[],
  ): TensorInfo[] {
    return this.during(plan.kernel, () => {
      const internals = this.#internals;
      const made = outputs.map(({ shape, dtype }) => this.makeTensorInfo(shape, dtype));
      const buffers: Record<string, GPUBuffer | BufferRange> = {};
      for (const [name, given] of Object.entries(inputs)) buffers[name] = this.#rangeFrom(given);
      outputs.forEach(({ name }, index) => buffers[name] = this.rangeOf(made[index]!));
      this.record(plan, buffers);
      const used = Object.values(inputs).map((given) => ("tensor" in given ? given.tensor : given));
      for (const tensor of [...used, ...made]) internals.commandQueueOwnedIds.add(tensor.dataId as object);
      return made;
    });
  }

  #rangeFrom(given: TensorInfo | TensorRange): BufferRange {
    if (!("tensor" in given)) return this.rangeOf(given);
    const { buffer, offset, size } = this.rangeOf(given.tensor);
    const skipped = given.from * bytesPerElement(given.tensor.dtype);
    return { buffer, offset: offset + skipped, size: size - skipped };
  }

  /** Records a plan into the current pass. Scratch is added to `buffers`; it and the uniforms live until the submission. */
  record(plan: Plan, buffers: Buffers): void {
    const internals = this.#internals;
    this.#enter(plan.kernel);
    const storage = BufferUsage.STORAGE | BufferUsage.COPY_SRC | BufferUsage.COPY_DST;
    const all: Record<string, GPUBuffer | BufferRange> = { ...buffers };
    for (const { name, bytes } of plan.scratch) {
      const scratch = internals.bufferManager.acquireBuffer(this.#roomFor(bytes), storage);
      internals.uniformPendingDisposal.push(scratch);
      all[name] = scratch;
    }
    this.ensureCommandEncoderReady();
    const textures = this.#textures(plan);
    if (needsPreparing(plan)) {
      this.endComputePassEncoder();
      prepare(internals.commandEncoder!, plan, all, textures);
    }
    this.#openPass(plan.kernel);
    const uniforms = (contents: ArrayBuffer) => this.#uniforms(contents);
    encode(internals.computePassEncoder!, plan, all, this.gpu.pipelines, uniforms, textures);
    internals.dispatchCountInPass += plan.dispatches.length;
    if (internals.dispatchCountInPass >= env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE")) this.flush();
  }

  /**
   * A plan's textures. Commands run in order, so the next plan may fill the same ones again: one of each name, format and size is
   * enough, and kept.
   */
  #textures(plan: Plan): Record<string, GPUTexture> {
    const textures: Record<string, GPUTexture> = {};
    for (const spec of plan.textures ?? []) textures[spec.name] = this.#texture(spec);
    return textures;
  }

  #texture(spec: TextureSpec): GPUTexture {
    const { name, format, width, height } = spec;
    const key = `${name} ${format} ${width} ${height}`;
    const kept = this.#keptTextures.get(key);
    if (kept) return kept.texture;
    const texture = createTexture(this.gpu.device, spec);
    const bytes = width * height * TEXEL_BYTES[format];
    this.#keptTextures.set(key, { texture, bytes });
    const manager = this.#internals.bufferManager;
    manager.numBytesAllocated += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, manager.numBytesAllocated);
    return texture;
  }

  /** Copies tensors, in order, to places in a buffer; `offsets` in bytes. */
  copyInto(target: GPUBuffer, tensors: readonly TensorInfo[], offsets: readonly number[]): void {
    this.#enter("copy");
    const ranges = tensors.map((tensor) => this.rangeOf(tensor));
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    ranges.forEach(({ buffer, offset, size }, index) => {
      this.#internals.commandEncoder!.copyBufferToBuffer(buffer, offset, target, offsets[index]!, size);
      this.#internals.commandQueueOwnedIds.add(tensors[index]!.dataId as object);
    });
  }

  /** Where a tensor lies; puts it there first, where it still is with the CPU. */
  rangeOf(tensor: TensorInfo): BufferRange {
    this.uploadToGPU(tensor.dataId as never);
    const { resource, view, dtype } = this.#internals.tensorMap.get(tensor.dataId);
    const { buffer } = rangeOf(resource!);
    return { buffer, offset: view?.offset ?? 0, size: util.sizeFromShape(tensor.shape) * bytesPerElement(dtype) };
  }

  /** A zeroed buffer of one's own; give it back with {@link destroyBuffer}. */
  createBuffer(bytes: number): GPUBuffer {
    const usage = BufferUsage.STORAGE | BufferUsage.COPY_SRC | BufferUsage.COPY_DST;
    return this.#internals.bufferManager.acquireBuffer(bytes, usage, false, false);
  }

  destroyBuffer(buffer: GPUBuffer): void {
    // Commands that are recorded but not submitted may still use it.
    this.flush();
    this.#internals.bufferManager.releaseBuffer(buffer, false);
  }

  /**
   * Reads float32 values of a buffer, after all that is recorded. Offset and size in bytes.
   *
   * @throws GpuFault where the GPU has failed
   */
  readBuffer(buffer: GPUBuffer, offset: number, size: number): Promise<Float32Array> {
    return this.gpu.faults.reading(async () => {
      const staging = this.#internals.bufferManager.acquireBuffer(size, BufferUsage.MAP_READ | BufferUsage.COPY_DST);
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      this.#internals.commandEncoder!.copyBufferToBuffer(buffer, offset, staging, 0, size);
      this.submitQueue();
      await staging.mapAsync(MapMode.READ);
      const values = new Float32Array(staging.getMappedRange().slice(0));
      staging.unmap();
      this.#internals.bufferManager.releaseBuffer(staging);
      return values;
    });
  }

  /** A float32 tensor that is a range of a buffer: writing the buffer changes the tensor. */
  viewOf(buffer: GPUBuffer, offset: number, shape: number[]): TensorInfo {
    const dataId = { id: this.#internals.nextDataId() };
    const view = { offset, size: util.sizeFromShape(shape) * 4 };
    this.#internals.tensorMap.set(dataId, {
      dtype: "float32",
      shape,
      values: null,
      refCount: 1,
      resource: buffer,
      external: true,
      view,
    });
    return { dataId, shape, dtype: "float32" };
  }

  /** Sends what is recorded to the GPU. */
  flush(): void {
    if (!this.#internals.commandEncoder) return;
    this.endComputePassEncoder();
    this.submitQueue();
  }

  /** Destroys the buffers and textures that are kept for reuse, so that what is allocated is what is used. */
  releaseFreeBuffers(): void {
    this.flush();
    const manager = this.#internals.bufferManager;
    for (const buffers of manager.freeBuffers.values()) {
      buffers.splice(0).forEach((buffer) => this.#destroyFree(buffer));
    }
    for (const { texture, bytes } of this.#keptTextures.values()) {
      manager.numBytesAllocated -= bytes;
      texture.destroy();
    }
    this.#keptTextures.clear();
    this.#mostUsed = manager.numBytesUsed;
  }

  /**
   * Before a buffer is made: destroys kept ones, the largest first, as far as all would else take much more than was ever used at once.
   * Batches of every length leave buffers of sizes of their own.
   */
  #makeRoom(bytes: number): void {
    const manager = this.#internals.bufferManager;
    const most = this.#mostUsed * MOST_KEPT + ALWAYS_KEPT;
    if (manager.numBytesAllocated + bytes <= most) return;
    const sizeOf = ([buffer]: GPUBuffer[]) => buffer?.size ?? 0;
    for (const buffers of [...manager.freeBuffers.values()].sort((a, b) => sizeOf(b) - sizeOf(a))) {
      while (buffers.length > 0 && manager.numBytesAllocated + bytes > most) this.#destroyFree(buffers.pop()!);
    }
  }

  /** Makes a buffer in an error scope of its own, which then knows how much there was memory for before. */
  #watched(make: () => GPUBuffer): GPUBuffer {
    const { device, faults } = this.gpu;
    const held = this.#internals.bufferManager.numBytesAllocated;
    const operation = this.#operation;
    device.pushErrorScope("out-of-memory");
    try {
      return make();
    } finally {
      faults.watch(device.popErrorScope(), () => operation, held);
    }
  }

  #destroyFree(buffer: GPUBuffer): void {
    const manager = this.#internals.bufferManager;
    manager.numFreeBuffers--;
    manager.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }

  override submitQueue(): void {
    super.submitQueue();
    if (!this.#scopesOpen) return;
    this.#scopesOpen = false;
    const operations = [...this.#inSubmission];
    this.#inSubmission = new Set();
    const { device, faults } = this.gpu;
    for (let scope = 0; scope < 2; scope++) {
      faults.watch(device.popErrorScope(), () => `one of: ${operations.join(", ")}`);
    }
  }

  override runWebGPUProgram(...given: Parameters<WebGPUBackend["runWebGPUProgram"]>): TensorInfo {
    this.#enter(this.#operation);
    return super.runWebGPUProgram(...given);
  }

  override async read(dataId: object): Promise<never> {
    const { view, resource } = this.#internals.tensorMap.get(dataId as DataId);
    // A view is not cached, unlike other tensors: training changes what it shows.
    if (view) return await this.readBuffer(resource!, view.offset, view.size) as never;
    return await this.gpu.faults.reading<unknown>(() => super.read(dataId)) as never;
  }

  override readSync(dataId: object): never {
    const { values } = this.#internals.tensorMap.get(dataId as DataId);
    if (values !== undefined && values !== null) return super.readSync(dataId) as never;
    throw new GpuFault("a tensor on the GPU cannot be read synchronously; use data()");
  }

  /** Sees to a compute pass; one of the operation's own where an observer wants that. */
  #openPass(operation: string): void {
    const internals = this.#internals;
    const descriptor = this.observer?.pass?.(operation);
    if (descriptor) this.endComputePassEncoder();
    internals.computePassEncoder ??= internals.commandEncoder!.beginComputePass(descriptor);
  }

  #bindingOf(tensor?: TensorInfo): GPUBufferBinding | null {
    if (!tensor) return null;
    const { resource, view } = this.#internals.tensorMap.get(tensor.dataId);
    return view ? { buffer: resource!, ...view } : { buffer: resource! };
  }

  /** A power of two where the device allows it: scratch whose size changes from step to step then still finds a buffer to reuse. */
  #roomFor(bytes: number): number {
    const room = 2 ** Math.ceil(Math.log2(bytes));
    return room > this.gpu.device.limits.maxStorageBufferBindingSize ? bytes : room;
  }

  #uniforms(contents: ArrayBuffer): GPUBuffer {
    const usage = BufferUsage.COPY_DST | BufferUsage.UNIFORM;
    const buffer = this.#internals.bufferManager.acquireBuffer(contents.byteLength, usage);
    this.gpu.device.queue.writeBuffer(buffer, 0, contents);
    this.#internals.uniformPendingDisposal.push(buffer);
    return buffer;
  }

  /** Opens the error scopes of the submission that is being recorded, and notes the operation in it. */
  #enter(operation: string): void {
    if (!this.#scopesOpen) {
      this.gpu.faults.check();
      this.gpu.device.pushErrorScope("validation");
      this.gpu.device.pushErrorScope("out-of-memory");
      this.#scopesOpen = true;
    }
    this.#inSubmission.add(operation);
  }

  #guard(size: number, usage: number): void {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.gpu.device.limits;
    const most = usage & BufferUsage.STORAGE ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize;
    if (size > most) {
      throw new OutOfMemory(
        `${this.#operation} needs a buffer of ${size} bytes; '${this.gpu.name}' allows at most ${most}. Use a smaller batch or text length`,
        { buffer: size, most },
      );
    }
  }
}

/** All buffers, with those that are kept for reuse, take no more than this times what was used at once, and so many bytes beyond it. */
const MOST_KEPT = 1.125;
/** Smaller buffers, of which there are many, share the error scopes of their submission. */
const LARGE = 2 ** 12;
const ALWAYS_KEPT = 2 ** 26;

function bytesPerElement(dtype: DataType): number {
  return dtype === "complex64" ? 8 : 4;
}
