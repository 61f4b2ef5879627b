import { dispose, engine, keep, type Tensor, tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import type { KernelLimits } from "../gpu/kernel.ts";
import type { PupilBackend } from "./backend.ts";
import { flatLayout, type Piece, sizeOf } from "./flat_layout.ts";
import { currentBackend } from "./setup.ts";
import type { Table } from "./table.ts";

export interface ParameterSpec {
  /** As Hugging Face names it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay acts on it: not on biases and normalisation weights. */
  readonly decays: boolean;
  /** Whether it is a matrix that models ask for as a {@link Table}. */
  readonly isTable?: boolean;
}

/** The values of a model's parameters by name, on the CPU. */
export type ParameterValues = ReadonlyMap<string, Float32Array>;

/** A model's parameters, by name. An optimiser changes them in place. */
export interface Parameters {
  readonly specs: readonly ParameterSpec[];
  /** The current value; belongs to the parameters, and must not be disposed. */
  get(name: string): Tensor;
  /** The current value of one that is a table, likewise. */
  table(name: string): Table;
  /** All of them, in the order of `specs`; of a table in parts, these. */
  all(): Tensor[];
  /** The name of the parameter that each of `all()` is, or belongs to. */
  names(): string[];
  read(): Promise<Map<string, Float32Array>>;
  dispose(): void;
}

/** Puts values where the current backend wants them: flat buffers on ours, a tensor each elsewhere. */
export function createParameters(specs: readonly ParameterSpec[], values: ParameterValues): Parameters {
  const backend = currentBackend();
  return backend ? new FlatParameters(backend, specs, values) : new SeparateParameters(specs, values);
}

/** Bytes that go to the GPU, or come from it, at once: as much again is held meanwhile. */
const MOST_AT_ONCE = 2 ** 25;

/**
 * Parameters in flat buffers, one after the other, each a view that begins at an aligned offset. Nothing is copied to use one.
 * There is one buffer, or more where the model is larger than the device binds at once; a table that is so by itself lies in parts.
 *
 * @throws Failure where a single parameter is larger than that, before anything is allocated
 */
export class FlatParameters implements Parameters {
  readonly buffers: readonly GPUBuffer[];
  /** Elements of each buffer, padding included. */
  readonly lengths: readonly number[];
  /** Where each parameter, or part of a table, lies; in the order of `specs`. */
  readonly pieces: readonly Piece[];
  readonly #views: ReadonlyMap<string, Table>;

  constructor(
    readonly backend: PupilBackend,
    readonly specs: readonly ParameterSpec[],
    values: ParameterValues,
    limits: KernelLimits = backend.gpu.device.limits,
  ) {
    const given = specs.map((spec) => valuesOf(spec, values));
    const { segments, pieces } = flatLayout(specs, limits);
    this.lengths = segments;
    this.pieces = pieces;
    this.buffers = segments.map((length) => backend.createBuffer(length * 4));
    this.#write(given);
    const views = specs.map(({ name }): [string, Tensor[]] => [name, []]);
    for (const { parameter, segment, offset, shape } of pieces) {
      const view = backend.viewOf(this.buffers[segment]!, offset, [...shape]);
      views[parameter]![1].push(keep(engine().makeTensorFromTensorInfo(view)));
    }
    this.#views = new Map(views);
  }

  get(name: string): Tensor {
    const [whole, ...others] = this.table(name);
    if (others.length > 0) throw new RangeError(`parameter ${name} lies in parts; ask for it as a table`);
    return whole!;
  }

  table(name: string): Table {
    return found(name, this.#views.get(name));
  }

  all(): Tensor[] {
    return [...this.#views.values()].flat();
  }

  names(): string[] {
    return this.pieces.map(({ parameter }) => this.specs[parameter]!.name);
  }

  async read(): Promise<Map<string, Float32Array>> {
    const values = this.specs.map((spec) => new Float32Array(sizeOf(spec)));
    for (const [segment, buffer] of this.buffers.entries()) {
      const bytes = this.lengths[segment]! * 4;
      const pieces = this.pieces.filter((piece) => piece.segment === segment);
      for (let at = 0; at < bytes; at += MOST_AT_ONCE) {
        const read = await this.backend.readBuffer(buffer, at, Math.min(MOST_AT_ONCE, bytes - at));
        for (const piece of pieces) takeFrom(read, at / 4, piece, values[piece.parameter]!);
      }
    }
    return new Map(this.specs.map(({ name }, index) => [name, values[index]!]));
  }

  dispose(): void {
    dispose(this.all());
    for (const buffer of this.buffers) this.backend.destroyBuffer(buffer);
  }

  /** A little at a time, so that no second copy of the model is made: what is written waits in memory until the next submission. */
  #write(given: readonly Float32Array[]): void {
    const { queue } = this.backend.gpu.device;
    let unsent = 0;
    for (const { parameter, from, segment, offset, shape } of this.pieces) {
      const values = given[parameter]!.subarray(from, from + sizeOf({ shape })) as Float32Array<ArrayBuffer>;
      for (let at = 0; at < values.length; at += MOST_AT_ONCE / 4) {
        const part = values.subarray(at, at + MOST_AT_ONCE / 4);
        queue.writeBuffer(this.buffers[segment]!, offset + at * 4, part);
        unsent += part.byteLength;
        if (unsent < MOST_AT_ONCE) continue;
        queue.submit([]);
        unsent = 0;
      }
    }
  }
}

/** Copies what of a piece is among elements of its segment, read from `at` on. */
function takeFrom(read: Float32Array, at: number, { offset, from, shape }: Piece, into: Float32Array): void {
  const first = Math.max(offset / 4, at);
  const end = Math.min(offset / 4 + sizeOf({ shape }), at + read.length);
  if (first < end) into.set(read.subarray(first - at, end - at), from + first - offset / 4);
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

  table(name: string): Table {
    return [this.get(name)];
  }

  all(): Tensor[] {
    return [...this.#variables.values()];
  }

  names(): string[] {
    return this.specs.map(({ name }) => name);
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

function found<T>(name: string, parameter: T | undefined): T {
  if (!parameter) throw new RangeError(`there is no parameter called ${name}`);
  return parameter;
}
