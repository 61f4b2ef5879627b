import {
  broadcast_util,
  cast,
  div,
  type GradConfig,
  matMul,
  mul,
  type NamedAttrMap,
  neg,
  pad,
  registerGradient,
  reshape,
  slice,
  square,
  step,
  sub,
  sum,
  type Tensor,
  tile,
  transpose,
  util,
} from "@tensorflow/tfjs-core";
import { constant } from "./constants.ts";

let registered = false;

/**
 * Gives the stock operations that our models record on the tape their gradients.
 *
 * The core package has none where it runs as a single file, as in Deno, and the package that registers all of them brings five
 * backends along. These are the ones needed; each is checked against finite differences.
 */
export function registerGradients(): void {
  if (registered) return;
  registered = true;
  for (const gradient of gradients) registerGradient(gradient);
}

type Gradient = Tensor | Tensor[];

const one = (upstream: Gradient) => upstream as Tensor;

/** Sums over the axes along which an input was broadcast, so that its gradient has its shape. */
function unbroadcast(gradient: Tensor, shape: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, gradient.shape);
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, shape);
}

function shapesOf(a: Tensor, b: Tensor): [number[], number[]] {
  return [a.shape, b.shape];
}

/** A reduced gradient, spread again over the axes that the sum ran over. */
function spread(upstream: Tensor, shape: number[], axis: NamedAttrMap["axis"]): Tensor {
  const axes = util.parseAxisParam(axis as number | number[], shape);
  const kept = shape.map((size, index) => (axes.includes(index) ? 1 : size));
  const repeats = shape.map((size, index) => (axes.includes(index) ? size : 1));
  return tile(reshape(upstream, kept), repeats);
}

export const gradients: readonly GradConfig[] = [
  {
    kernelName: "Identity",
    gradFunc: (upstream) => ({ x: () => cast(one(upstream), "float32") }),
  },
  {
    kernelName: "Cast",
    gradFunc: (upstream) => ({ x: () => cast(one(upstream), "float32") }),
  },
  {
    kernelName: "Reshape",
    inputsToSave: ["x"],
    gradFunc: (upstream, [x]) => ({ x: () => reshape(one(upstream), x!.shape) }),
  },
  {
    kernelName: "ExpandDims",
    inputsToSave: ["input"],
    gradFunc: (upstream, [input]) => ({ input: () => reshape(one(upstream), input!.shape) }),
  },
  {
    kernelName: "Transpose",
    gradFunc: (upstream, _saved, attrs) => {
      const perm = attrs.perm as unknown as number[];
      return { x: () => transpose(one(upstream), perm.map((_, axis) => perm.indexOf(axis))) };
    },
  },
  {
    kernelName: "Slice",
    inputsToSave: ["x"],
    gradFunc: (upstream, [x], attrs) => {
      const given = attrs.begin as unknown as number | number[];
      const begin = Array.isArray(given) ? given : [given];
      const { shape } = one(upstream);
      const paddings = x!.shape.map((size, axis): [number, number] => {
        const before = begin[axis] ?? 0;
        return [before, size - before - shape[axis]!];
      });
      return { x: () => pad(one(upstream), paddings) };
    },
  },
  {
    kernelName: "Concat",
    saveAllInputs: true,
    gradFunc: (upstream, saved, attrs) => {
      const axis = util.parseAxisParam(attrs.axis as unknown as number, saved[0]!.shape)[0]!;
      let at = 0;
      return Object.fromEntries(saved.map((part, index) => {
        const begin = part.shape.map((_, each) => (each === axis ? at : 0));
        at += part.shape[axis]!;
        return [index, () => slice(one(upstream), begin, part.shape)];
      }));
    },
  },
  {
    kernelName: "Add",
    inputsToSave: ["a", "b"],
    gradFunc: (upstream, [a, b]) => {
      const [aShape, bShape] = shapesOf(a!, b!);
      return { a: () => unbroadcast(one(upstream), aShape), b: () => unbroadcast(one(upstream), bShape) };
    },
  },
  {
    kernelName: "Sub",
    inputsToSave: ["a", "b"],
    gradFunc: (upstream, [a, b]) => {
      const [aShape, bShape] = shapesOf(a!, b!);
      return { a: () => unbroadcast(one(upstream), aShape), b: () => unbroadcast(neg(one(upstream)), bShape) };
    },
  },
  {
    kernelName: "Multiply",
    inputsToSave: ["a", "b"],
    gradFunc: (upstream, [a, b]) => ({
      a: () => unbroadcast(mul(one(upstream), b!), a!.shape),
      b: () => unbroadcast(mul(one(upstream), a!), b!.shape),
    }),
  },
  {
    kernelName: "RealDiv",
    inputsToSave: ["a", "b"],
    gradFunc: (upstream, [a, b]) => ({
      a: () => unbroadcast(div(one(upstream), b!), a!.shape),
      b: () => unbroadcast(neg(div(mul(one(upstream), a!), square(b!))), b!.shape),
    }),
  },
  {
    kernelName: "BatchMatMul",
    inputsToSave: ["a", "b"],
    gradFunc: (upstream, [a, b], attrs) => {
      const dy = one(upstream);
      const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
      if (!transposeA && !transposeB) {
        return { a: () => matMul(dy, b!, false, true), b: () => matMul(a!, dy, true, false) };
      }
      if (!transposeA) return { a: () => matMul(dy, b!), b: () => matMul(dy, a!, true, false) };
      if (!transposeB) return { a: () => matMul(b!, dy, false, true), b: () => matMul(a!, dy) };
      return { a: () => matMul(b!, dy, true, true), b: () => matMul(dy, a!, true, true) };
    },
  },
  {
    kernelName: "Sum",
    inputsToSave: ["x"],
    gradFunc: (upstream, [x], attrs) => ({ x: () => spread(one(upstream), x!.shape, attrs.axis) }),
  },
  {
    kernelName: "Mean",
    inputsToSave: ["x"],
    gradFunc: (upstream, [x], attrs) => {
      const count = x!.size / one(upstream).size;
      return { x: () => mul(spread(one(upstream), x!.shape, attrs.axis), constant(1 / count)) };
    },
  },
  {
    kernelName: "Neg",
    gradFunc: (upstream) => ({ x: () => neg(one(upstream)) }),
  },
  {
    kernelName: "Square",
    inputsToSave: ["x"],
    gradFunc: (upstream, [x]) => ({ x: () => mul(one(upstream), mul(x!, constant(2))) }),
  },
  {
    kernelName: "Tanh",
    outputsToSave: [true],
    gradFunc: (upstream, [y]) => ({ x: () => mul(sub(constant(1), square(y!)), one(upstream)) }),
  },
  {
    kernelName: "Relu",
    inputsToSave: ["x"],
    gradFunc: (upstream, [x]) => ({ x: () => mul(one(upstream), step(x!)) }),
  },
];
