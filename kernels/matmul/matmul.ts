import {
  type BufferSpec,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  MOST_TEXELS,
  type Plan,
  requireBindable,
  requireSize,
  type Shader,
  TEXEL_BYTES,
  TEXTURE_ROW_BYTES,
  type TextureSpec,
  u32,
  type Word,
} from "../../src/gpu/kernel.ts";
import blocksCode from "./matmul_blocks.wgsl" with { type: "text" };
import generalCode from "./matmul_general.wgsl" with { type: "text" };
import texturesCode from "./matmul_textures.wgsl" with { type: "text" };
import tiledCode from "./matmul_tiled.wgsl" with { type: "text" };

/** Where the elements of a batch of matrices lie, in elements. */
export interface MatrixLayout {
  /** From one stored row to the next. */
  readonly stride: number;
  /** From one matrix to the next along the outer and the inner batch axis; 0 shares one matrix. */
  readonly batchStrides: readonly [number, number];
}

export interface FactorLayout extends MatrixLayout {
  /** Whether the transpose is what is stored: [k, m] for a, [n, k] for b. */
  readonly transposed: boolean;
}

/** result [m, n] = a [m, k] b [k, n], for each matrix of a batch of `batch[0]` by `batch[1]`. */
export interface MatmulShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Two axes, so that rows and heads of attention need no copies; one matrix where it is absent. */
  readonly batch?: readonly [number, number];
  readonly a: FactorLayout;
  readonly b: FactorLayout;
  readonly result: MatrixLayout;
  /** Whether `bias` [n] is added to each row. */
  readonly bias?: boolean;
  /** Whether each sum begins from what `result` holds: the last part of k of a product whose factors lie in parts. Without a bias. */
  readonly continued?: boolean;
  /** What `a` and `b` are stored as: float32, or float16 as `packHalf` writes it. All else is float32, sums too. */
  readonly stored?: "float32" | "float16";
  /** Else the first of {@link matmulVariants}. All give the same bits. */
  readonly variant?: MatmulVariant;
}

/**
 * How a product is computed. `tiled`: 64 by 64 a workgroup through shared memory, for a GPU. `blocks`: 16 by 16 in the registers of a
 * thread, without barriers, for a software adapter. `textures`: the same from copies of the factors as textures. `general`: 8 by 8 a
 * thread, of any sizes.
 */
export type MatmulVariant = (typeof MATMUL_VARIANTS)[number];

export const MATMUL_VARIANTS: readonly ["tiled", "blocks", "textures", "general"] = [
  "tiled",
  "blocks",
  "textures",
  "general",
];

interface Variant {
  readonly shader: Shader;
  /** Rows and columns of the result that one thread or workgroup makes. */
  readonly tile: number;
  /** How many tiles a workgroup makes. */
  lanes(tiles: number): number;
}

/**
 * As few lanes as fill a vector of a software adapter, where there are few tiles: it spreads workgroups over its cores. No widths between,
 * since each is a pipeline of its own, and SwiftShader compiles one for half a second.
 */
const fewLanes = (tiles: number): number => tiles >= 512 ? 64 : 8;

const variants: Readonly<Record<MatmulVariant, Variant>> = {
  tiled: { shader: { label: "matmul_tiled", code: tiledCode }, tile: 64, lanes: () => 1 },
  blocks: { shader: { label: "matmul_blocks", code: blocksCode }, tile: 16, lanes: fewLanes },
  textures: { shader: { label: "matmul_textures", code: texturesCode }, tile: 16, lanes: fewLanes },
  general: { shader: { label: "matmul_general", code: generalCode }, tile: 8, lanes: fewLanes },
};

/**
 * The variants that can compute a shape. All but `general` read vec4, so sizes, strides and batch strides must be multiples of 4;
 * `textures` needs strides of factors to be multiples of 64, and no more rows than a texture has. Factors that are stored as float16
 * are read as `textures` alone, at strides that are multiples of 128; where it cannot be, there is no variant. `general` alone
 * continues sums.
 */
export function matmulVariants(shape: MatmulShape): MatmulVariant[] {
  const { n, k, a, b, result } = shape;
  const read = [a, b, result].flatMap(({ stride, batchStrides }) => [stride, ...batchStrides]);
  const isInVec4 = [n, k, ...read].every((size) => size % 4 === 0);
  const fits = isInVec4 && [textureOf("a", shape), textureOf("b", shape)].every((texture) => texture !== undefined);
  if (shape.stored === "float16") return fits ? ["textures"] : [];
  if (!isInVec4 || shape.continued) return ["general"];
  return ["tiled", "blocks", ...(fits ? ["textures"] as const : []), "general"];
}

/**
 * Matrix product, plain or batched, each factor stored either way, with strides, so that heads of attention and slices need no
 * copies.
 *
 * Inputs `a`, `b` and, where the shape says so, `bias` [n]; output `result`; float32, laid out as the shape says. What lies between
 * the rows of `result` is not touched. `a` and `b` may be stored as float16, whose products and sums are float32 as well.
 *
 * With `continued`, `result` is an input too: a product over many k may so be computed from parts of its factors, to the same bits.
 *
 * Every variant computes each element by the same chain of fused multiply-adds over ascending k: which one runs changes no bit.
 *
 * @throws KernelError where sizes are not positive integers, rows overlap, a buffer is over the binding limit, or the variant
 * cannot read the shape
 */
export const matmul: Kernel<MatmulShape> = {
  name: "matmul",

  plan(shape, limits): Plan {
    const { m, n, batch = [1, 1], bias = false } = shape;
    requireSizes(shape, batch);
    const possible = matmulVariants(shape);
    const name = shape.variant ?? possible[0];
    if (name === undefined || !possible.includes(name)) throw refusal(shape, possible);
    const buffers = buffersOf(shape, batch, bias, limits);
    const { shader, tile, lanes } = variants[name];
    const tilesN = Math.ceil(n / tile);
    const tiles = Math.ceil(m / tile) * tilesN;
    const all = tiles * batch[0] * batch[1];
    const perGroup = lanes(all);
    return {
      kernel: "matmul",
      inputs: buffers.slice(0, -1),
      outputs: buffers.slice(-1),
      scratch: [],
      ...(name === "textures" ? { textures: [textureOf("a", shape)!, textureOf("b", shape)!] } : {}),
      dispatches: [{
        shader,
        constants: {
          BIASED: Number(bias),
          ...(name === "general"
            ? { CONTINUED: Number(shape.continued ?? false) }
            : { A_TRANSPOSED: Number(shape.a.transposed), B_TRANSPOSED: Number(shape.b.transposed) }),
          ...(name === "tiled" ? {} : { LANES: perGroup }),
        },
        // A shader that may add a bias names its binding; where there is none, any buffer does.
        bindings: [
          name === "textures" ? { texture: "a" } : { buffer: "a" },
          name === "textures" ? { texture: "b" } : { buffer: "b" },
          { buffer: bias ? "bias" : "b" },
          { buffer: "result" },
        ],
        uniforms: uniformsOf(name, shape, batch, [tilesN, tiles, all]),
        groups: groupsFor("matmul", all, perGroup, limits),
      }],
    };
  },
};

function refusal({ variant, stored }: MatmulShape, possible: readonly MatmulVariant[]): KernelError {
  if (possible.length === 0) {
    return new KernelError(
      "matmul",
      "factors that are stored as float16 need n, k and all strides to be multiples of 4, their own strides multiples of 128, " +
        `and at most ${MOST_TEXELS} rows`,
    );
  }
  const problem = stored === "float16"
    ? "cannot read float16"
    : possible.length === 1
    ? "needs n, k and all strides to be multiples of 4"
    : "cannot hold these factors";
  return new KernelError("matmul", `variant ${variant} ${problem}; use ${possible.join(" or ")}`);
}

function uniformsOf(
  variant: MatmulVariant,
  shape: MatmulShape,
  batch: readonly [number, number],
  tiles: readonly number[],
): Word[] {
  switch (variant) {
    case "general":
      return generalSizes(shape, batch, tiles);
    case "textures":
      return textureSizes(shape, batch, tiles);
    case "tiled":
      return vectorSizes(shape, batch, tiles, shape.k);
    default:
      return vectorSizes(shape, batch, tiles, shape.k / 4);
  }
}

function vectorSizes(
  { m, n, a, b, result }: MatmulShape,
  [, inner]: readonly [number, number],
  tiles: readonly number[],
  steps: number,
): Word[] {
  const strides = [a.stride, b.stride, result.stride];
  const between = [a, b, result].flatMap(({ batchStrides }) => batchStrides);
  const inVec4 = (sizes: readonly number[]) => sizes.map((size) => size / 4);
  return [m, n / 4, steps, ...inVec4(strides), ...tiles, inner, ...inVec4(between)].map(u32);
}

function textureSizes(
  { m, n, k, a, b, result }: MatmulShape,
  [, inner]: readonly [number, number],
  tiles: readonly number[],
): Word[] {
  const own = [m, n / 4, k / 4, result.stride / 4, ...tiles, inner, ...result.batchStrides.map((each) => each / 4)];
  const between = [a, b].flatMap(({ stride, batchStrides }) => batchStrides.flatMap((each) => texelOf(each, stride)));
  // A vec2 begins at a multiple of two words.
  return [...own, ...(own.length % 2 === 0 ? [] : [0]), ...between].map(u32);
}

/** Where an element lies in a texture of its factor: to the right and down, in texels. */
function texelOf(element: number, stride: number): [number, number] {
  return [element % stride / 4, Math.floor(element / stride)];
}

/** The texture that holds a factor; undefined where there can be none. */
function textureOf(name: "a" | "b", shape: MatmulShape): TextureSpec | undefined {
  const { m, n, k, batch = [1, 1], stored: storage } = shape;
  const format = storage === "float16" ? "rgba16float" : "rgba32float";
  const { transposed, stride, batchStrides } = shape[name];
  const stored = name === "a" ? [m, k] as const : [k, n] as const;
  const [rows, columns] = transposed ? [stored[1], stored[0]] : stored;
  const [right, down] = batchStrides.map((each, axis) => texelOf(each, stride).map((size) => size * (batch[axis]! - 1)))
    .reduce((sum, each) => sum.map((size, index) => size + each[index]!), [0, 0]) as [number, number];
  const width = right + Math.ceil(columns / 4);
  const height = down + rows;
  const rowBytes = stride / 4 * TEXEL_BYTES[format];
  if (width * 4 > stride || rowBytes % TEXTURE_ROW_BYTES !== 0 || Math.max(width, height) > MOST_TEXELS) {
    return undefined;
  }
  return { name, format, source: name, width, height, rowBytes };
}

function generalSizes(
  { m, n, k, a, b, result }: MatmulShape,
  [, inner]: readonly [number, number],
  tiles: readonly number[],
): Word[] {
  const steps = ({ transposed, stride }: FactorLayout) => transposed ? [1, stride] : [stride, 1];
  const between = [a, b, result].flatMap(({ batchStrides }) => batchStrides);
  return [m, n, k, ...steps(a), ...steps(b), result.stride, ...tiles, inner, ...between].map(u32);
}

function requireSizes({ m, n, k, a, b, result }: MatmulShape, [outer, inner]: readonly [number, number]): void {
  for (const [argument, size] of Object.entries({ m, n, k, "batch[0]": outer, "batch[1]": inner })) {
    requireSize("matmul", argument, size);
  }
  const rows = { a: a.transposed ? m : k, b: b.transposed ? k : n, result: n };
  for (const [argument, { stride, batchStrides }] of Object.entries({ a, b, result })) {
    requireSize("matmul", `${argument}.stride`, stride, rows[argument as keyof typeof rows]);
    batchStrides.forEach((each, axis) => requireSize("matmul", `${argument}.batchStrides[${axis}]`, each, 0));
  }
}

/** `a`, `b`, `bias` where there is one, `result`. */
function buffersOf(
  { m, n, k, a, b, result, stored }: MatmulShape,
  [outer, inner]: readonly [number, number],
  bias: boolean,
  limits: KernelLimits,
): BufferSpec[] {
  const elementsOf = ({ stride, batchStrides }: MatrixLayout, rows: number, columns: number) =>
    (outer - 1) * batchStrides[0] + (inner - 1) * batchStrides[1] + (rows - 1) * stride + columns;
  const elementBytes = stored === "float16" ? 2 : 4;
  const specs: BufferSpec[] = [
    { name: "a", bytes: (a.transposed ? elementsOf(a, k, m) : elementsOf(a, m, k)) * elementBytes },
    { name: "b", bytes: (b.transposed ? elementsOf(b, n, k) : elementsOf(b, k, n)) * elementBytes },
    ...(bias ? [{ name: "bias", bytes: n * 4 }] : []),
    { name: "result", bytes: elementsOf(result, m, n) * 4 },
  ];
  for (const { name, bytes } of specs) requireBindable("matmul", name, bytes, limits);
  return specs;
}
