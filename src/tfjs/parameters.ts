import { dispose, engine, keep, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { BLOCK } from "../../kernels/adamw/adamw.ts";
import type { PupilBackend } from "./backend.ts";
import { currentBackend } from "./setup.ts";

export interface ParameterSpec {
  /** As Hugging Face names it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay acts on it: not on biases and normalisation weights. */
  readonly decays: boolean;
}

/** The values of a model's parameters by name, on the CPU. */
export type ParameterValues = ReadonlyMap<string, Float32Array>;

/** A model's parameters, by name. An optimiser changes them in place. */
export interface Parameters {
  readonly specs: readonly ParameterSpec[];
  /** The current value; belongs to the parameters, and must not be disposed. */
  get(name: string): Tensor;
  /** All of them, in the order of `specs`. */
  all(): Tensor[];
  read(): Promise<Map<string, Float32Array>>;
  dispose(): void;
}

/** Puts values where the current backend wants them: one flat buffer on ours, a tensor each elsewhere. */
export function createParameters(specs: readonly ParameterSpec[], values: ParameterValues): Parameters {
  const backend = currentBackend();
  return backend ? new FlatParameters(backend, specs, values) : new SeparateParameters(specs, values);
}

/** Parameters in one flat buffer, each a view that begins at a multiple of {@link BLOCK} elements. Nothing is copied to use one. */
export class FlatParameters implements Parameters {
  readonly buffer: GPUBuffer;
  /** Elements of the flat buffer, padding included. */
  readonly length: number;
  /** Where each parameter begins, in bytes. */
  readonly offsets: readonly number[];
  readonly #views: Map<string, Tensor>;

  constructor(readonly backend: PupilBackend, readonly specs: readonly ParameterSpec[], values: ParameterValues) {
    const starts: number[] = [];
    let length = 0;
    for (const spec of specs) {
      starts.push(length);
      length += Math.ceil(sizeOf(spec) / BLOCK) * BLOCK;
    }
    this.length = length;
    this.offsets = starts.map((start) => start * 4);
    this.buffer = backend.createBuffer(length * 4);
    const flat = new Float32Array(length);
    specs.forEach((spec, index) => flat.set(valuesOf(spec, values), starts[index]));
    backend.gpu.device.queue.writeBuffer(this.buffer, 0, flat);
    this.#views = new Map(specs.map(({ name, shape }, index) => {
      const view = backend.viewOf(this.buffer, this.offsets[index]!, [...shape]);
      return [name, keep(engine().makeTensorFromTensorInfo(view))];
    }));
  }

  get(name: string): Tensor {
    return found(name, this.#views.get(name));
  }

  all(): Tensor[] {
    return [...this.#views.values()];
  }

  async read(): Promise<Map<string, Float32Array>> {
    const flat = await this.backend.readBuffer(this.buffer, 0, this.length * 4);
    return new Map(this.specs.map((spec, index) => {
      const start = this.offsets[index]! / 4;
      return [spec.name, flat.slice(start, start + sizeOf(spec))];
    }));
  }

  dispose(): void {
    dispose(this.all());
    this.backend.destroyBuffer(this.buffer);
  }
}

/** Parameters as a tensor each, for backends other than ours. */
export class SeparateParameters implements Parameters {
  readonly #tensors: Map<string, Tensor>;

  constructor(readonly specs: readonly ParameterSpec[], values: ParameterValues) {
    this.#tensors = new Map(
      specs.map((spec) => [spec.name, keep(tensor(valuesOf(spec, values), [...spec.shape], "float32"))]),
    );
  }

  get(name: string): Tensor {
    return found(name, this.#tensors.get(name));
  }

  all(): Tensor[] {
    return [...this.#tensors.values()];
  }

  /** Replaces each parameter by what `update` makes of it. */
  update(update: (value: Tensor, index: number) => Tensor): void {
    this.specs.forEach(({ name }, index) => {
      const old = this.get(name);
      this.#tensors.set(name, keep(tidy(() => update(old, index))));
      old.dispose();
    });
  }

  async read(): Promise<Map<string, Float32Array>> {
    const values = new Map<string, Float32Array>();
    for (const [name, value] of this.#tensors) values.set(name, Float32Array.from(await value.data()));
    return values;
  }

  dispose(): void {
    dispose(this.all());
  }
}

function sizeOf(spec: ParameterSpec): number {
  return spec.shape.reduce((size, dimension) => size * dimension, 1);
}

function valuesOf(spec: ParameterSpec, values: ParameterValues): Float32Array {
  const given = values.get(spec.name);
  if (given?.length !== sizeOf(spec)) {
    throw new RangeError(`parameter ${spec.name} has ${given?.length ?? "no"} values; its shape is [${spec.shape}]`);
  }
  return given;
}

function found(name: string, parameter: Tensor | undefined): Tensor {
  if (!parameter) throw new RangeError(`there is no parameter called ${name}`);
  return parameter;
}
