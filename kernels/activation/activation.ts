import {
  type Dispatch,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  requireBindable,
  requireSize,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import { rowTiles, type Tile, tileOf } from "../../src/gpu/tiling.ts";
import forwardCode from "./activation.wgsl" with { type: "text" };
import forwardBlocksCode from "./activation_blocks.wgsl" with { type: "text" };
import gradientCode from "./activation_gradient.wgsl" with { type: "text" };
import gradientBlocksCode from "./activation_gradient_blocks.wgsl" with { type: "text" };
import { type ActivationKind, activationNames } from "./reference.ts";

export interface ActivationShape {
  readonly rows: number;
  readonly columns: number;
  readonly kind: ActivationKind;
  /** Whether a bias [columns] is added before. */
  readonly bias?: boolean;
}

/** One direction: a thread takes one element, or two blocks of four where the sizes allow it. */
interface Variants {
  readonly single: Shader;
  readonly blocks: Shader;
}

const BLOCK = 4;
/** Two a thread; the constant of the shaders. */
const BLOCKS_PER_GROUP = 128;

const forward: Variants = {
  single: { label: "activation", code: forwardCode },
  blocks: { label: "activation_blocks", code: forwardBlocksCode },
};
const backward: Variants = {
  single: { label: "activation_gradient", code: gradientCode },
  blocks: { label: "activation_gradient_blocks", code: gradientBlocksCode },
};

/**
 * An activation function of each element. Input `values` [rows, columns] float32 and, where the shape says so, `bias` [columns],
 * which is added before; output `result`, as `values`. A NaN stays a NaN.
 *
 * Kinds: "gelu", x Phi(x) with the normal distribution's Phi; "gelu_tanh", its approximation x (1 + tanh(sqrt(2/pi) (x + 0.044715
 * x^3))) / 2, elsewhere called gelu_new; "relu"; "tanh".
 *
 * @throws KernelError where a row alone exceeds the device's binding size
 * @see Hendrycks & Gimpel, Gaussian Error Linear Units, 2016
 */
export const activation: Kernel<ActivationShape> = kernelOf("activation", forward, [], "result");

/**
 * Gradient of {@link activation}: inputs `values` and `bias` as there, which is before the activation, and `upstream`; output
 * `gradient`, all but the bias [rows, columns]. The bias's own gradient is the sums of `gradient` over its columns.
 */
export const activationGradient: Kernel<ActivationShape> = kernelOf(
  "activation_gradient",
  backward,
  ["upstream"],
  "gradient",
);

function kernelOf(name: string, variants: Variants, more: readonly string[], output: string): Kernel<ActivationShape> {
  return {
    name,
    plan(shape, limits) {
      const { rows, columns, bias = false } = shape;
      requireSize(name, "rows", rows);
      requireSize(name, "columns", columns);
      requireKind(name, shape.kind);
      const tiles = rowTiles(name, rows, [columns * 4], limits);
      if (bias) requireBindable(name, "bias", columns * 4, limits);
      const whole = (buffer: string) => ({ name: buffer, bytes: rows * columns * 4 });
      return {
        kernel: name,
        inputs: [whole("values"), ...(bias ? [{ name: "bias", bytes: columns * 4 }] : []), ...more.map(whole)],
        outputs: [whole(output)],
        scratch: [],
        dispatches: tiles.map((tile) => tileDispatch(name, variants, [...more, output], tile, shape, limits)),
      };
    },
  };
}

function tileDispatch(
  name: string,
  { single, blocks }: Variants,
  others: readonly string[],
  tile: Tile,
  { columns, kind, bias = false }: ActivationShape,
  limits: KernelLimits,
): Dispatch {
  const length = tile.rows * columns;
  const inBlocks = (bias ? columns : length) % BLOCK === 0;
  const part = (buffer: string) => tileOf(buffer, tile, columns * 4);
  return {
    shader: inBlocks ? blocks : single,
    constants: { KIND: activationNames.indexOf(kind), BIAS: bias ? 1 : 0 },
    // Without a bias its place is filled, and not read.
    bindings: [part("values"), bias ? { buffer: "bias" } : part("values"), ...others.map(part)],
    uniforms: inBlocks ? [u32(length / BLOCK), u32(Math.ceil(columns / BLOCK))] : [u32(length), u32(columns)],
    groups: inBlocks ? groupsFor(name, length / BLOCK, BLOCKS_PER_GROUP, limits) : groupsFor(name, length, 64, limits),
  };
}

function requireKind(name: string, kind: ActivationKind): void {
  if (!activationNames.includes(kind)) {
    throw new KernelError(name, `kind is ${kind}; it must be one of ${activationNames.join(", ")}`);
  }
}
