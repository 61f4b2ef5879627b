import {
  type BufferSpec,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  type Plan,
  requireSize,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import { rowTiles, tileOf } from "../../src/gpu/tiling.ts";
import packCode from "./pack_half.wgsl" with { type: "text" };
import packWordsCode from "./pack_half_words.wgsl" with { type: "text" };
import unpackCode from "./unpack_half.wgsl" with { type: "text" };

/** A matrix, dense as float32, and as float16 with a stride. */
export interface HalfShape {
  readonly rows: number;
  readonly columns: number;
  /** From one row of halves to the next, in elements; even. {@link halfStride} where it is absent. */
  readonly stride?: number;
}

/** Halves that fill the 256 bytes at whose multiples WebGPU wants the rows of what is copied into a texture. */
const ALIGNED = 128;

/** The least stride of halves, in elements, at which a product can read rows of so many columns. */
export function halfStride(columns: number): number {
  return Math.ceil(columns / ALIGNED) * ALIGNED;
}

interface Variant {
  readonly shader: Shader;
  /** Columns that a thread takes. */
  readonly columns: number;
  /** What the shader counts columns and strides in. */
  readonly unit: number;
}

const vectors: Variant = { shader: { label: "pack_half", code: packCode }, columns: 8, unit: 4 };
const words: Variant = { shader: { label: "pack_half_words", code: packWordsCode }, columns: 2, unit: 1 };
const unpacking: Variant = { shader: { label: "unpack_half", code: unpackCode }, columns: 2, unit: 1 };

/**
 * Rounds float32 to float16, two in a word, the first in its low bits: to nearest, ties to even, subnormals kept, the same bits on every
 * device. Finite numbers beyond 65504 become 65504 with their sign; infinity stays infinity, every NaN becomes 0x7e00.
 *
 * Input `values` [rows, columns] float32; output `halves` uint32, a row at every `stride` / 2 words. A last odd column is followed by
 * a 0; what else lies between rows means nothing.
 *
 * @throws KernelError where the stride is odd or less than the columns, or a row is over the binding limit
 * @see IEEE 754-2019, 4.3.1
 */
export const packHalf: Kernel<HalfShape> = {
  name: "pack_half",
  plan: (shape, limits) => {
    const { columns, stride = halfStride(columns) } = shape;
    return planOf("pack_half", columns % 4 === 0 && stride % 8 === 0 ? vectors : words, shape, limits);
  },
};

/**
 * The numbers that halves stand for, exactly. Input `halves` as {@link packHalf} writes them; output `values` [rows, columns] float32.
 *
 * @throws KernelError as {@link packHalf}
 */
export const unpackHalf: Kernel<HalfShape> = {
  name: "unpack_half",
  plan: (shape, limits) => planOf("unpack_half", unpacking, shape, limits),
};

function planOf(kernel: "pack_half" | "unpack_half", variant: Variant, shape: HalfShape, limits: KernelLimits): Plan {
  const { rows, columns } = shape;
  requireSize(kernel, "rows", rows);
  requireSize(kernel, "columns", columns);
  const stride = shape.stride ?? halfStride(columns);
  requireSize(kernel, "stride", stride, columns);
  if (stride % 2 !== 0) throw new KernelError(kernel, `stride is ${stride}; it must be even, since a word holds two`);
  const values = { name: "values", rowBytes: columns * 4, bytes: rows * columns * 4 };
  const halves = { name: "halves", rowBytes: stride * 2, bytes: rows * stride * 2 };
  const buffers = kernel === "pack_half" ? [values, halves] as const : [halves, values] as const;
  const [input, output] = buffers.map(({ name, bytes }): BufferSpec => ({ name, bytes })) as [BufferSpec, BufferSpec];
  const blocks = Math.ceil(columns / variant.columns);
  return {
    kernel,
    inputs: [input],
    outputs: [output],
    scratch: [],
    dispatches: rowTiles(kernel, rows, buffers.map(({ rowBytes }) => rowBytes), limits).map((tile) => ({
      shader: variant.shader,
      bindings: buffers.map(({ name, rowBytes }) => tileOf(name, tile, rowBytes)),
      uniforms: [tile.rows, columns / variant.unit, blocks, stride / variant.unit].map(u32),
      groups: groupsFor(kernel, tile.rows * blocks, 64, limits),
    })),
  };
}
