import {
  add,
  addN,
  dispose,
  div,
  keep,
  minimum,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { adamw as kernel, BLOCK } from "../../kernels/adamw/adamw.ts";
import type { AdamWSettings } from "../../kernels/adamw/reference.ts";
import { FlatParameters, type Parameters, SeparateParameters } from "./parameters.ts";

export type { AdamWSettings };

/** AdamW with decoupled decay and clipping by the global norm. Loshchilov & Hutter, 2019. */
export interface Optimizer {
  /** One step. `gradients` are in the order of the parameters' specs and stay the caller's; `lr` is this step's. */
  step(gradients: readonly Tensor[], lr: number): void;
  dispose(): void;
}

/** The optimiser that fits where the parameters lie. */
export function createAdamW(parameters: Parameters, settings: AdamWSettings): Optimizer {
  if (parameters instanceof FlatParameters) return new FlatAdamW(parameters, settings);
  if (parameters instanceof SeparateParameters) return new SeparateAdamW(parameters, settings);
  throw new RangeError("these parameters have no optimiser");
}

/** A few dispatches a step, whatever the number of parameters; nothing is read back. */
class FlatAdamW implements Optimizer {
  readonly #gradient: GPUBuffer;
  readonly #firstMoment: GPUBuffer;
  readonly #secondMoment: GPUBuffer;
  readonly #decayMask: GPUBuffer;
  readonly #norm: GPUBuffer;
  #step = 0;

  constructor(readonly parameters: FlatParameters, readonly settings: AdamWSettings) {
    const { backend, length, specs, offsets } = parameters;
    this.#gradient = backend.createBuffer(length * 4);
    this.#firstMoment = backend.createBuffer(length * 4);
    this.#secondMoment = backend.createBuffer(length * 4);
    this.#norm = backend.createBuffer(8);
    this.#decayMask = backend.createBuffer((length / BLOCK) * 4);
    const mask = new Uint32Array(length / BLOCK);
    specs.forEach(({ decays }, index) => {
      const end = (offsets[index + 1] ?? length * 4) / 4 / BLOCK;
      if (decays) mask.fill(1, offsets[index]! / 4 / BLOCK, end);
    });
    backend.gpu.device.queue.writeBuffer(this.#decayMask, 0, mask);
  }

  step(gradients: readonly Tensor[], lr: number): void {
    const { backend, buffer, length, offsets } = this.parameters;
    this.#step++;
    const shape = { length, settings: this.settings, lr, step: this.#step };
    const plan = kernel.plan(shape, backend.gpu.device.limits);
    backend.during(plan.kernel, () => {
      backend.copyInto(this.#gradient, gradients, offsets);
      backend.record(plan, {
        parameters: buffer,
        gradient: this.#gradient,
        first_moment: this.#firstMoment,
        second_moment: this.#secondMoment,
        decay_mask: this.#decayMask,
        norm: this.#norm,
      });
    });
  }

  dispose(): void {
    for (const buffer of [this.#gradient, this.#firstMoment, this.#secondMoment, this.#decayMask, this.#norm]) {
      this.parameters.backend.destroyBuffer(buffer);
    }
  }
}

/** The same of stock operations. */
class SeparateAdamW implements Optimizer {
  #firstMoments: Tensor[];
  #secondMoments: Tensor[];
  #step = 0;

  constructor(readonly parameters: SeparateParameters, readonly settings: AdamWSettings) {
    this.#firstMoments = parameters.all().map((value) => keep(zerosLike(value)));
    this.#secondMoments = parameters.all().map((value) => keep(zerosLike(value)));
  }

  step(gradients: readonly Tensor[], lr: number): void {
    const { beta1, beta2, epsilon, decay } = this.settings;
    this.#step++;
    const correction1 = 1 - beta1 ** this.#step;
    const correction2 = 1 - beta2 ** this.#step;
    const clipped = tidy(() => clip(gradients, this.settings.clip));
    this.#firstMoments = moved(this.#firstMoments, (m, index) => blend(m, clipped[index]!, beta1));
    this.#secondMoments = moved(this.#secondMoments, (v, index) => blend(v, square(clipped[index]!), beta2));
    this.parameters.update((value, index) => {
      const decayed = this.parameters.specs[index]!.decays ? mul(value, scalar(1 - lr * decay)) : value;
      const root = add(sqrt(div(this.#secondMoments[index]!, scalar(correction2))), scalar(epsilon));
      return sub(decayed, mul(scalar(lr / correction1), div(this.#firstMoments[index]!, root)));
    });
    dispose(clipped);
  }

  dispose(): void {
    dispose(this.#firstMoments);
    dispose(this.#secondMoments);
  }
}

function clip(gradients: readonly Tensor[], limit: number): Tensor[] {
  if (limit === 0) return gradients.map((gradient) => gradient.clone());
  const norm = sqrt(addN(gradients.map((gradient) => sum(square(gradient)))));
  const coefficient = minimum(scalar(1), div(scalar(limit), add(norm, scalar(1e-6))));
  return gradients.map((gradient) => mul(gradient, coefficient));
}

function blend(old: Tensor, fresh: Tensor, beta: number): Tensor {
  return add(mul(old, scalar(beta)), mul(fresh, scalar(1 - beta)));
}

function moved(moments: Tensor[], update: (moment: Tensor, index: number) => Tensor): Tensor[] {
  return moments.map((moment, index) => {
    const next = keep(tidy(() => update(moment, index)));
    moment.dispose();
    return next;
  });
}
