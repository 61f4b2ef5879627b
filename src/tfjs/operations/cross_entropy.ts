import {
  add,
  customGrad,
  exp,
  mul,
  neg,
  oneHot,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  type Tensor1D,
} from "@tensorflow/tfjs-core";
import {
  crossEntropy as kernel,
  crossEntropyGradient,
  type CrossEntropyShape,
} from "../../../kernels/cross_entropy/cross_entropy.ts";
import type { PupilBackend } from "../backend.ts";
import { constant } from "../constants.ts";
import { filledIntegers } from "../integers.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";
import { logSoftmaxComposed } from "./softmax.ts";

export interface CrossEntropyOptions {
  /** The target of a row that does not count; -100 where absent. */
  readonly ignored?: number;
  /** What each class counts, as a target and as a part of one: [classes]; all 1 where absent. */
  readonly classWeights?: Float32Array;
  /** The part of each target that is spread evenly over all classes, 0 to 1; 0 where absent. Szegedy et al., 2016. */
  readonly smoothing?: number;
}

const IGNORED = -100;

/**
 * Cross-entropy of logits [rows, classes] with their targets, in nats, a scalar: as torch.nn.functional.cross_entropy has it.
 *
 * Targets are one class a row, and the mean is weighted by the weights of these classes; or they are soft, a tensor of
 * distributions [rows, classes], and the mean is over all rows. Soft targets get no gradient. Where no row counts, the loss is 0
 * and so is its gradient.
 *
 * @throws RangeError where a target is no class, targets or weights are not as many as they have to be, or smoothing is no part
 */
export function crossEntropy(
  logits: Tensor,
  targets: Int32Array | Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const backend = currentBackend();
  if (!backend) return crossEntropyComposed(logits, targets, options);
  const { rows, classes } = requireSound(logits, targets, options);
  const shape = {
    rows,
    classes,
    soft: !(targets instanceof Int32Array),
    weighted: options.classWeights !== undefined,
    smoothing: options.smoothing ?? 0,
  };
  return onGpu(backend, shape, logits, () => ({
    targets: targets instanceof Int32Array ? kernelTargets(targets, options) : targets,
    ...(options.classWeights ? { class_weights: tensor(options.classWeights) } : {}),
  }));
}

/** {@link crossEntropy} of stock operations. */
export function crossEntropyComposed(
  logits: Tensor,
  targets: Int32Array | Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const { rows, classes } = requireSound(logits, targets, options);
  return customGrad((x, save) => {
    const shares = sharesOf(targets, rows, classes, options);
    const logP = logSoftmaxComposed(reshape(x as Tensor, [rows, classes]));
    (save as (tensors: Tensor[]) => void)([logP, shares]);
    const gradFunc = (upstream: Tensor, [saved, counts]: Tensor[]) => {
      const pull = sub(mul(exp(saved!), sum(counts!, -1, true)), counts!);
      return reshape(mul(pull, upstream), logits.shape);
    };
    return { value: neg(sum(mul(logP, shares))), gradFunc };
  })(logits);
}

function onGpu(
  backend: PupilBackend,
  shape: CrossEntropyShape,
  logits: Tensor,
  givenOf: () => Record<string, Tensor>,
): Tensor {
  const { limits } = backend.gpu.device;
  const outputs = [
    { name: "loss", shape: [] },
    { name: "divisor", shape: [] },
    { name: "row_states", shape: [shape.rows, 4] },
  ];
  return customGrad((x, save) => {
    const given = { logits: x as Tensor, ...givenOf() };
    const [loss, divisor, rowStates] = runPlan(backend, kernel.plan(shape, limits), given, outputs);
    const names = [...Object.keys(given), "divisor", "row_states"];
    (save as (tensors: Tensor[]) => void)([...Object.values(given), divisor!, rowStates!]);
    const gradFunc = (upstream: Tensor, saved: Tensor[]) => {
      const inputs = Object.fromEntries(names.map((name, index) => [name, saved[index]!]));
      const plan = crossEntropyGradient.plan(shape, limits);
      return runPlan(backend, plan, { ...inputs, upstream }, [{ name: "gradient", shape: logits.shape }])[0]!;
    };
    return { value: loss!, gradFunc };
  })(logits);
}

/** The kernel's targets: -1 where a row is ignored. */
function kernelTargets(targets: Int32Array, { ignored = IGNORED }: CrossEntropyOptions): Tensor {
  return filledIntegers(targets.map((target) => (target === ignored ? -1 : target)));
}

/** What each class of each row counts in the mean: its part of the target, smoothed, times its weight, divided by the divisor. */
function sharesOf(
  targets: Int32Array | Tensor,
  rows: number,
  classes: number,
  { ignored = IGNORED, classWeights, smoothing = 0 }: CrossEntropyOptions,
): Tensor {
  const ofClasses = classWeights && tensor(classWeights, [1, classes]);
  if (!(targets instanceof Int32Array)) {
    const soft = reshape(targets, [rows, classes]);
    const smoothed = smoothing === 0 ? soft : add(mul(soft, constant(1 - smoothing)), constant(smoothing / classes));
    return mul(ofClasses ? mul(smoothed, ofClasses) : smoothed, constant(1 / rows));
  }
  const counted = Array.from(targets, (target) => target !== ignored);
  const weightOf = (row: number) => counted[row] ? classWeights?.[targets[row]!] ?? 1 : 0;
  const weights = Float32Array.from(targets, (_, row) => weightOf(row));
  const divisor = weights.reduce((total, weight) => total + weight, 0);
  const scale = divisor === 0 ? 0 : 1 / divisor;
  const column = (values: ArrayLike<number>) => tensor(Float32Array.from(values), [rows, 1]);
  const own = column(weights.map((weight) => weight * scale * (1 - smoothing)));
  // The stock operation refuses a single class.
  const hard = classes === 1 ? own : mul(oneHot(tensor(targets, [rows], "int32") as Tensor1D, classes), own);
  if (smoothing === 0) return hard;
  const even = column(counted.map((counts) => (counts ? scale * smoothing / classes : 0)));
  return add(hard, ofClasses ? mul(even, ofClasses) : even);
}

function requireSound(
  logits: Tensor,
  targets: Int32Array | Tensor,
  { ignored = IGNORED, classWeights, smoothing = 0 }: CrossEntropyOptions,
): { rows: number; classes: number } {
  const classes = logits.shape.at(-1)!;
  const rows = logits.size / classes;
  if (!(smoothing >= 0 && smoothing <= 1)) {
    throw new RangeError(`smoothing is ${smoothing}; it must be between 0 and 1`);
  }
  if (classWeights && classWeights.length !== classes) {
    throw new RangeError(`there are ${classWeights.length} class weights for ${classes} classes`);
  }
  if (!(targets instanceof Int32Array)) {
    if (targets.shape.join() !== logits.shape.join()) {
      throw new RangeError(`soft targets have the shape [${targets.shape}]; the logits have [${logits.shape}]`);
    }
    return { rows, classes };
  }
  if (targets.length !== rows) throw new RangeError(`there are ${targets.length} targets for ${rows} rows`);
  targets.forEach((target, row) => {
    if (target !== ignored && (target < 0 || target >= classes)) {
      throw new RangeError(`target ${target} of row ${row} is none of ${classes} classes`);
    }
  });
  return { rows, classes };
}
