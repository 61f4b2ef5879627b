import { dispose, engine, keep, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { type AdamWSettings, type LearningRate, learningRateAt } from "../../kernels/adamw/reference.ts";
import { sizeOf } from "./flat_layout.ts";
import type { Optimizer } from "./optimizer.ts";
import type { SeparateParameters } from "./parameters.ts";
import { viewsOf, type WasmHeap } from "./wasm_heap.ts";

/** What the optimiser holds of one parameter. */
interface Slot {
  readonly gradient: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly decays: boolean;
}

/**
 * AdamW on the memory of the wasm backend: one pass over all elements, where stock operations take seventeen for each parameter. Its
 * arithmetic is in float64, what it keeps in float32.
 */
export class WasmAdamW implements Optimizer {
  readonly #slots: readonly Slot[];
  #frozen: Tensor = keep(tensor([0]));
  #isFrozen = false;
  #given = 0;
  #step = 0;

  constructor(
    readonly heap: WasmHeap,
    readonly parameters: SeparateParameters,
    readonly settings: AdamWSettings,
    readonly rate: LearningRate,
  ) {
    this.#slots = parameters.specs.map((spec) => ({
      gradient: new Float32Array(sizeOf(spec)),
      firstMoment: new Float32Array(sizeOf(spec)),
      secondMoment: new Float32Array(sizeOf(spec)),
      decays: spec.decays,
    }));
  }

  accumulate(gradients: readonly Tensor[]): void {
    const isFirst = this.#given++ === 0;
    this.#slots.forEach(({ gradient }, index) => {
      const [given] = viewsOf(this.heap, gradients[index]!);
      if (isFirst) gradient.set(given);
      else for (let at = 0; at < gradient.length; at++) gradient[at]! += given[at]!;
    });
  }

  step(): void {
    if (this.#given === 0) throw new RangeError("a step of no gradients");
    this.#given = 0;
    if (this.#isFrozen) return;
    const norm = this.#norm();
    if (!Number.isFinite(norm)) return this.#freeze();
    const lr = learningRateAt(this.rate, this.#step);
    this.#step++;
    const { clip } = this.settings;
    const coefficient = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
    this.parameters.update((value, index) => this.#stepped(value, this.#slots[index]!, coefficient, lr));
  }

  frozen(): Tensor {
    return this.#frozen;
  }

  dispose(): void {
    dispose(this.#frozen);
  }

  /** Infinite, as in float32, where the sum of squares is too large for that. */
  #norm(): number {
    let sum = 0;
    for (const { gradient } of this.#slots) {
      for (let at = 0; at < gradient.length; at++) sum += gradient[at]! * gradient[at]!;
    }
    return Math.sqrt(Math.fround(sum));
  }

  #freeze(): void {
    this.#isFrozen = true;
    dispose(this.#frozen);
    this.#frozen = keep(tensor([this.#step + 1]));
  }

  #stepped(
    value: Tensor,
    { gradient, firstMoment, secondMoment, decays }: Slot,
    coefficient: number,
    lr: number,
  ): Tensor {
    const { beta1, beta2, epsilon, decay } = this.settings;
    const rate = lr / (1 - beta1 ** this.#step);
    const correction = 1 / (1 - beta2 ** this.#step);
    const kept = decays ? 1 - lr * decay : 1;
    const result = this.heap.makeOutput(value.shape, "float32");
    const [old, fresh] = viewsOf(this.heap, value, result);
    for (let at = 0; at < fresh.length; at++) {
      const g = gradient[at]! * coefficient;
      const m = beta1 * firstMoment[at]! + (1 - beta1) * g;
      const v = beta2 * secondMoment[at]! + (1 - beta2) * g * g;
      firstMoment[at] = m;
      secondMoment[at] = v;
      fresh[at] = old[at]! * kept - (rate * m) / (Math.sqrt(v * correction) + epsilon);
    }
    return engine().makeTensorFromTensorInfo(result);
  }
}
