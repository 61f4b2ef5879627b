import { dispose, engine, keep, type Tensor, tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import type { KernelLimits } from "../gpu/kernel.ts";
import type { PupilBackend } from "./backend.ts";
import { flatLayout, type Place, sizeOf } from "./flat_layout.ts";
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

/** Puts values where the current backend wants them: flat buffers on ours, a tensor each elsewhere. */
export function createParameters(specs: readonly ParameterSpec[], values: ParameterValues): Parameters {
  const backend = currentBackend();
  return backend ? new FlatParameters(backend, specs, values) : new SeparateParameters(specs, values);
}

/** What is written to buffers waits in memory until the next submission: so many bytes at most. */
const MOST_UNSENT = 2 ** 25;

/**
 * Parameters in flat buffers, one after the other, each a view that begins at an aligned offset. Nothing is copied to use one.
 * There is one buffer, or more where the model is larger than the device binds at once.
 *
 * @throws Failure where a single parameter is larger than that, before anything is allocated
 */
export class FlatParameters implements Parameters {
  readonly buffers: readonly GPUBuffer[];
  /** Elements of each buffer, padding included. */
  readonly lengths: readonly number[];
  /** Where each parameter begins, in the order of `specs`. */
  readonly places: readonly Place[];
  readonly #views: Map<string, Tensor>;

  constructor(
    readonly backend: PupilBackend,
    readonly specs: readonly ParameterSpec[],
    values: ParameterValues,
    limits: KernelLimits = backend.gpu.device.limits,
  ) {
    const given = specs.map((spec) => valuesOf(spec, values));
    const { segments, places } = flatLayout(specs, limits);
    this.lengths = segments;
    this.places = places;
    this.buffers = segments.map((length) => backend.createBuffer(length * 4));
    this.#write(given);
    this.#views = new Map(specs.map(({ name, shape }, index) => {
      const { segment, offset } = places[index]!;
      const view = backend.viewOf(this.buffers[segment]!, offset, [...shape]);
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
    const values = new Map<string, Float32Array>();
    for (const [segment, buffer] of this.buffers.entries()) {
      const flat = await this.backend.readBuffer(buffer, 0, this.lengths[segment]! * 4);
      this.specs.forEach((spec, index) => {
        const place = this.places[index]!;
        if (place.segment !== segment) return;
        const start = place.offset / 4;
        values.set(spec.name, flat.slice(start, start + sizeOf(spec)));
      });
    }
    return values;
  }

  dispose(): void {
    dispose(this.all());
    for (const buffer of this.buffers) this.backend.destroyBuffer(buffer);
  }

  /** One parameter at a time, so that no second copy of the model is made. */
  #write(given: readonly Float32Array[]): void {
    const { queue } = this.backend.gpu.device;
    let unsent = 0;
    given.forEach((values, index) => {
      const { segment, offset } = this.places[index]!;
      queue.writeBuffer(this.buffers[segment]!, offset, values as Float32Array<ArrayBuffer>);
      unsent += values.byteLength;
      if (unsent < MOST_UNSENT) return;
      queue.submit([]);
      unsent = 0;
    });
  }
}

/** Parameters as a variable each, for backends other than ours: its tensor stays the same while its value changes. */
export class SeparateParameters implements Parameters {
  readonly #variables: Map<string, Variable>;

  constructor(readonly specs: readonly ParameterSpec[], values: ParameterValues) {
    this.#variables = new Map(specs.map((spec) => [spec.name, variableOf(spec, values)]));
  }

  get(name: string): Tensor {
    return found(name, this.#variables.get(name));
  }

  all(): Tensor[] {
    return [...this.#variables.values()];
  }

  /** Gives each parameter the value that `update` makes of it. */
  update(update: (value: Tensor, index: number) => Tensor): void {
    [...this.#variables.values()].forEach((each, index) => tidy(() => each.assign(update(each, index) as never)));
  }

  async read(): Promise<Map<string, Float32Array>> {
    const values = new Map<string, Float32Array>();
    for (const [name, value] of this.#variables) values.set(name, Float32Array.from(await value.data()));
    return values;
  }

  dispose(): void {
    dispose(this.all());
  }
}

/** The tensor that it is made of is let go. */
function variableOf(spec: ParameterSpec, values: ParameterValues): Variable {
  return tidy(() => variable(tensor(valuesOf(spec, values), [...spec.shape], "float32")));
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
