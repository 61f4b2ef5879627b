import {
  add,
  concat,
  dispose,
  div,
  engine,
  greater,
  keep,
  lessEqual,
  minimum,
  mul,
  reshape,
  type Scalar,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
  where,
  zeros,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { accumulate } from "../../kernels/accumulate/accumulate.ts";
import { adamw, ADAMW_STATE, BLOCK, segmentBuffer } from "../../kernels/adamw/adamw.ts";
import { type AdamWSettings, type LearningRate, learningRateAt } from "../../kernels/adamw/reference.ts";
import type { Plan } from "../gpu/kernel.ts";
import { sizeOf } from "./flat_layout.ts";
import type { Optimizer } from "./optimizer.ts";
import { FlatParameters, type Parameters, SeparateParameters } from "./parameters.ts";
import { WasmAdamW } from "./wasm_adamw.ts";
import { currentHeap } from "./wasm_heap.ts";

export { type AdamWSettings, type LearningRate, learningRateAt, type Optimizer };

/** The optimiser that fits where the parameters lie. */
export function createAdamW(parameters: Parameters, settings: AdamWSettings, rate: LearningRate): Optimizer {
  if (parameters instanceof FlatParameters) return new FlatAdamW(parameters, settings, rate);
  if (parameters instanceof SeparateParameters) {
    const heap = currentHeap();
    return heap ? new WasmAdamW(heap, parameters, settings, rate) : new SeparateAdamW(parameters, settings, rate);
  }
  throw new RangeError("these parameters have no optimiser");
}

const FLAT = ["gradient", "first_moment", "second_moment"] as const;

/**
 * A few dispatches a step, whatever the number of parameters; nothing is read back, and after the first step nothing is given:
 * the GPU counts steps and follows the schedule.
 */
class FlatAdamW implements Optimizer {
  readonly #buffers: Record<string, GPUBuffer> = {};
  readonly #frozen: Tensor;
  /** The flat gradient, a segment each, as tensors. */
  readonly #sums: readonly Tensor[];
  readonly #plan: Plan;
  /** How further gradients of a step are added, a plan a segment. Made when they come: most trainings have none. */
  #accumulations: readonly Accumulation[] | undefined;
  #given = 0;

  constructor(readonly parameters: FlatParameters, settings: AdamWSettings, rate: LearningRate) {
    const { backend, lengths } = parameters;
    this.#plan = adamw.plan({ segments: lengths, settings, rate }, backend.gpu.device.limits);
    lengths.forEach((length, segment) => {
      for (const name of FLAT) this.#buffers[segmentBuffer(name, segment)] = backend.createBuffer(length * 4);
      const mask = backend.createBuffer((length / BLOCK) * 4);
      this.#buffers[segmentBuffer("decay_mask", segment)] = mask;
      backend.gpu.device.queue.writeBuffer(mask, 0, decayMask(parameters, segment));
    });
    this.#buffers.state = backend.createBuffer(ADAMW_STATE.length * 4);
    const viewOf = (buffer: GPUBuffer, shape: number[]) =>
      keep(engine().makeTensorFromTensorInfo(backend.viewOf(buffer, 0, shape)));
    // The first word of the state.
    this.#frozen = viewOf(this.#buffers.state, [1]);
    this.#sums = lengths.map((length, segment) => viewOf(this.#buffers[segmentBuffer("gradient", segment)]!, [length]));
  }

  accumulate(gradients: readonly Tensor[]): void {
    if (this.#given++ === 0) this.#copy(gradients);
    else this.#add(gradients);
  }

  step(): void {
    if (this.#given === 0) throw new RangeError("a step of no gradients");
    this.#given = 0;
    const { backend, buffers } = this.parameters;
    const parameters = Object.fromEntries(
      buffers.map((buffer, segment) => [segmentBuffer("parameters", segment), buffer]),
    );
    backend.during(this.#plan.kernel, () => backend.record(this.#plan, { ...this.#buffers, ...parameters }));
  }

  frozen(): Tensor {
    return this.#frozen;
  }

  dispose(): void {
    dispose([this.#frozen, ...this.#sums]);
    for (const buffer of Object.values(this.#buffers)) this.parameters.backend.destroyBuffer(buffer);
  }

  #copy(gradients: readonly Tensor[]): void {
    const { backend, buffers, pieces } = this.parameters;
    backend.during("gradients", () => {
      for (const segment of buffers.keys()) {
        const own = pieces.map((piece, index) => ({ ...piece, index })).filter((piece) => piece.segment === segment);
        const target = this.#buffers[segmentBuffer("gradient", segment)]!;
        backend.copyInto(target, own.map(({ index }) => gradients[index]!), own.map(({ offset }) => offset));
      }
    });
  }

  #add(gradients: readonly Tensor[]): void {
    const { backend } = this.parameters;
    this.#accumulations ??= accumulationsOf(this.parameters);
    for (const { plan, segment, indices } of this.#accumulations) {
      const addends = indices.map((index, addend) => [`addend_${addend}`, gradients[index]!] as const);
      backend.runPlan(plan, { ...Object.fromEntries(addends), sum: this.#sums[segment]! }, []);
    }
  }
}

interface Accumulation {
  readonly segment: number;
  /** The pieces that lie in it. */
  readonly indices: readonly number[];
  readonly plan: Plan;
}

function accumulationsOf({ backend, lengths, pieces }: FlatParameters): Accumulation[] {
  return lengths.map((length, segment) => {
    const indices = [...pieces.keys()].filter((index) => pieces[index]!.segment === segment);
    const addends = indices.map((index) => ({ at: pieces[index]!.offset / 4, length: sizeOf(pieces[index]!) }));
    return { segment, indices, plan: accumulate.plan({ length, addends }, backend.gpu.device.limits) };
  });
}

/** 1 for each block of a segment on whose parameter decay acts. */
function decayMask({ lengths, pieces, specs }: FlatParameters, segment: number): Uint32Array<ArrayBuffer> {
  const mask = new Uint32Array(lengths[segment]! / BLOCK);
  for (const piece of pieces) {
    if (!specs[piece.parameter]!.decays || piece.segment !== segment) continue;
    const first = piece.offset / 4 / BLOCK;
    mask.fill(1, first, first + Math.ceil(sizeOf(piece) / BLOCK));
  }
  return mask;
}

/** The same of stock operations; here the host counts steps and follows the schedule. */
class SeparateAdamW implements Optimizer {
  #gradients: Tensor[] | undefined;
  #firstMoments: Tensor[];
  #secondMoments: Tensor[];
  #frozen: Tensor = keep(zeros([1]));
  #step = 0;

  constructor(
    readonly parameters: SeparateParameters,
    readonly settings: AdamWSettings,
    readonly rate: LearningRate,
  ) {
    this.#firstMoments = parameters.all().map((value) => keep(zerosLike(value)));
    this.#secondMoments = parameters.all().map((value) => keep(zerosLike(value)));
  }

  accumulate(gradients: readonly Tensor[]): void {
    this.#gradients = this.#gradients
      ? moved(this.#gradients, (sum, index) => add(sum, gradients[index]!))
      : gradients.map((gradient) => keep(gradient.clone()));
  }

  step(): void {
    const gradients = this.#gradients;
    if (!gradients) throw new RangeError("a step of no gradients");
    this.#gradients = undefined;
    const { beta1, beta2, epsilon, decay } = this.settings;
    const lr = learningRateAt(this.rate, this.#step);
    this.#step++;
    const correction1 = 1 - beta1 ** this.#step;
    const correction2 = 1 - beta2 ** this.#step;
    const clipped = this.#clip(gradients);
    this.#firstMoments = moved(this.#firstMoments, (m, index) => blend(m, clipped[index]!, beta1));
    this.#secondMoments = moved(this.#secondMoments, (v, index) => blend(v, square(clipped[index]!), beta2));
    this.parameters.update((value, index) => {
      const decayed = this.parameters.specs[index]!.decays ? mul(value, scalar(1 - lr * decay)) : value;
      const root = add(sqrt(div(this.#secondMoments[index]!, scalar(correction2))), scalar(epsilon));
      return sub(decayed, mul(scalar(lr / correction1), div(this.#firstMoments[index]!, root)));
    });
    dispose([...gradients, ...clipped]);
  }

  frozen(): Tensor {
    return this.#frozen;
  }

  dispose(): void {
    dispose([...this.#firstMoments, ...this.#secondMoments, ...(this.#gradients ?? []), this.#frozen]);
  }

  /** Where nothing is clipped no norm is computed, and what is not finite shows in the next loss. */
  #clip(gradients: readonly Tensor[]): Tensor[] {
    const limit = this.settings.clip;
    if (limit === 0) return gradients.map((gradient) => gradient.clone());
    // Not addN, which binds all of its inputs in one program, more than a device may allow.
    const norm = tidy(() => {
      const squares = gradients.map((gradient) => reshape(sum(square(gradient)), [1]));
      return sqrt(sum(concat(squares, 0))) as Scalar;
    });
    const coefficient = tidy(() => minimum(scalar(1), div(scalar(limit), add(norm, scalar(1e-6)))));
    [this.#frozen] = moved([this.#frozen], (frozen) => {
      const now = where(lessEqual(norm, scalar(LARGEST)), scalar(0), scalar(this.#step));
      return where(greater(frozen, scalar(0)), frozen, reshape(now, [1]));
    }) as [Tensor];
    const clipped = gradients.map((gradient) => mul(gradient, coefficient));
    dispose([norm, coefficient]);
    return clipped;
  }
}

/** Of float32: a norm above it is infinite, and one that is not a number is not below. */
const LARGEST = 3.4028234663852886e38;

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
