import { groupsFor, type Kernel, type KernelLimits, requireSize, type Shader, u32 } from "../../src/gpu/kernel.ts";
import { rowTiles, tileOf } from "../../src/gpu/tiling.ts";
import gradientNarrowCode from "./softmax_gradient_narrow.wgsl" with { type: "text" };
import gradientWideCode from "./softmax_gradient_wide.wgsl" with { type: "text" };
import narrowCode from "./softmax_narrow.wgsl" with { type: "text" };
import wideCode from "./softmax_wide.wgsl" with { type: "text" };

export interface SoftmaxShape {
  readonly rows: number;
  readonly columns: number;
}

interface Variants {
  /** A thread a row. */
  readonly narrow: Shader;
  /** A workgroup a row. */
  readonly wide: Shader;
}

const forward: Variants = {
  narrow: { label: "softmax_narrow", code: narrowCode },
  wide: { label: "softmax_wide", code: wideCode },
};

const backward: Variants = {
  narrow: { label: "softmax_gradient_narrow", code: gradientNarrowCode },
  wide: { label: "softmax_gradient_wide", code: gradientWideCode },
};

const NARROW_COLUMNS = 64;

/**
 * Softmax of each row. Input `logits` [rows, columns] float32; output `result`, the same shape. A row that holds a NaN or
 * +infinity becomes NaN; a row that is masked throughout becomes uniform.
 */
export const softmax: Kernel<SoftmaxShape> = rowKernel("softmax", forward, 0, ["logits"], "result");

/** Log-softmax of each row, in nats; else as {@link softmax}. */
export const logSoftmax: Kernel<SoftmaxShape> = rowKernel("log_softmax", forward, 1, ["logits"], "result");

/** Gradient of {@link softmax}: inputs its `result` and the `upstream` gradient, output `gradient`, all [rows, columns]. */
export const softmaxGradient: Kernel<SoftmaxShape> = rowKernel(
  "softmax_gradient",
  backward,
  0,
  ["result", "upstream"],
  "gradient",
);

/** Gradient of {@link logSoftmax}, laid out as {@link softmaxGradient}. */
export const logSoftmaxGradient: Kernel<SoftmaxShape> = rowKernel(
  "log_softmax_gradient",
  backward,
  1,
  ["result", "upstream"],
  "gradient",
);

function rowKernel(
  name: string,
  variants: Variants,
  logarithm: 0 | 1,
  inputs: readonly string[],
  output: string,
): Kernel<SoftmaxShape> {
  const plan = ({ rows, columns }: SoftmaxShape, limits: KernelLimits) => {
    requireSize(name, "rows", rows);
    requireSize(name, "columns", columns);
    const isNarrow = columns <= NARROW_COLUMNS;
    const bytes = rows * columns * 4;
    return {
      kernel: name,
      inputs: inputs.map((input) => ({ name: input, bytes })),
      outputs: [{ name: output, bytes }],
      scratch: [],
      dispatches: rowTiles(name, rows, [columns * 4], limits).map((tile) => ({
        shader: isNarrow ? variants.narrow : variants.wide,
        constants: { LOGARITHM: logarithm },
        bindings: [...inputs, output].map((buffer) => tileOf(buffer, tile, columns * 4)),
        uniforms: [u32(tile.rows), u32(columns)],
        groups: groupsFor(name, tile.rows, isNarrow ? 64 : 1, limits),
      })),
    };
  };
  return { name, plan };
}
