import {
  type Binding,
  type Dispatch,
  f32,
  groupsFor,
  type Kernel,
  type KernelLimits,
  type Plan,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import { type Tile, tileOf } from "../../src/gpu/tiling.ts";
import foldCode from "./layer_norm_fold.wgsl" with { type: "text" };
import mergeCode from "./layer_norm_merge.wgsl" with { type: "text" };
import plainCode from "./layer_norm_plain.wgsl" with { type: "text" };
import plainSumCode from "./layer_norm_plain_sum.wgsl" with { type: "text" };
import residualFoldCode from "./layer_norm_residual_fold.wgsl" with { type: "text" };
import writeCode from "./layer_norm_write.wgsl" with { type: "text" };
import { dropoutWords, drops, type NormDropout } from "./norm_dropout.ts";
import { blocksOf, floats, MOMENTS, QUAD, requireEpsilon, rowParts, tilesOf } from "./norm_plan.ts";

export interface LayerNormShape {
  readonly rows: number;
  readonly columns: number;
  /** Is added to the variance. */
  readonly epsilon: number;
  /** Whether what the gradient needs is an output; false: the result alone is. True, unless it is given. */
  readonly keeps?: boolean;
}

export interface ResidualLayerNormShape extends LayerNormShape {
  /** Of the values, before they are added; none where it is absent. */
  readonly dropout?: NormDropout;
}

const fold: Shader = { label: "layer_norm_fold", code: foldCode };
const residualFold: Shader = { label: "layer_norm_residual_fold", code: residualFoldCode };
const merge: Shader = { label: "layer_norm_merge", code: mergeCode };
const write: Shader = { label: "layer_norm_write", code: writeCode };
const plain: Shader = { label: "layer_norm_plain", code: plainCode };
const plainSum: Shader = { label: "layer_norm_plain_sum", code: plainSumCode };

/** Rows that a thread of the last pass takes: it reads scale and shift once for all. */
const WRITE_ROWS = 8;

/**
 * Layer normalisation of each row: (x - mean) / sqrt(variance + epsilon) * scale + shift.
 *
 * Inputs, all float32: `values` [rows, columns], `scale` and `shift` [columns]. Outputs: `result`, the shape of `values`, and for the
 * gradient `moments` [rows, 3]: the mean, as the sum of two numbers, and 1 / sqrt(variance + epsilon). A row of equal values
 * gives the shift, where epsilon is above 0.
 *
 * @throws KernelError from `plan` where a size is not positive, epsilon is negative, or a row exceeds the binding limit
 * @see Ba, Kiros & Hinton, Layer normalization, 2016
 */
export const layerNorm: Kernel<LayerNormShape> = {
  name: "layer_norm",
  plan: (shape, limits) => normPlan("layer_norm", shape, {}, limits),
};

/**
 * Root mean square normalisation of each row, as in T5: x / sqrt(mean x^2 + epsilon) * scale. Buffers as {@link layerNorm} has them,
 * without `shift`; the mean of the `moments` is 0.
 *
 * @throws KernelError as {@link layerNorm}
 * @see Zhang & Sennrich, Root mean square layer normalization, 2019
 */
export const rmsNorm: Kernel<LayerNormShape> = {
  name: "rms_norm",
  plan: (shape, limits) => normPlan("rms_norm", shape, { uncentred: true }, limits),
};

/**
 * Layer normalisation of residual + dropout(values), as after each half of a BERT layer.
 *
 * Inputs as {@link layerNorm} has them, and `residual` [rows, columns]. Outputs: `result`; and for the gradient `sum` [rows, columns],
 * what is normalised, and its `moments` [rows, 3]. The dropout is that of the kernel `dropout` for the same key, to the bit, with
 * the elements of [rows, columns] counted through; at probability 0 no mask is drawn.
 *
 * @throws KernelError as {@link layerNorm}; where the probability is not in [0, 1)
 */
export const residualLayerNorm: Kernel<ResidualLayerNormShape> = {
  name: "residual_layer_norm",
  plan(shape, limits) {
    const { dropout } = shape;
    const mask = drops("residual_layer_norm", dropout) ? dropout : undefined;
    return normPlan("residual_layer_norm", shape, { residual: { mask } }, limits);
  },
};

interface Form {
  readonly uncentred?: boolean;
  readonly residual?: { readonly mask: NormDropout | undefined };
}

/** One tile of rows: what is normalised, and where what stands. */
interface TilePlan {
  readonly kernel: string;
  readonly shape: LayerNormShape;
  readonly form: Form;
  readonly tile: Tile;
  readonly limits: KernelLimits;
  /** Of the buffers of this tile's rows. */
  readonly rowsOf: (buffer: string) => Binding;
}

function normPlan(kernel: string, shape: LayerNormShape, form: Form, limits: KernelLimits): Plan {
  const { rows, columns, keeps = true } = shape;
  const tiles = tilesOf(kernel, rows, columns, limits);
  requireEpsilon(kernel, shape.epsilon);
  const size = rows * columns;
  const tileRows = Math.max(...tiles.map((tile) => tile.rows));
  const parts = Math.max(
    ...tiles.map((tile) => (isWide(tile, columns) ? tile.rows * rowParts(tile.rows, columns) : 0)),
  );
  const forGradient = { ...(form.residual ? { sum: keeps ? size : tileRows * columns } : {}), moments: rows * MOMENTS };
  const tilePlans = tiles.map((tile): TilePlan => {
    const rowsOf = (buffer: string) =>
      buffer === "sum" && !keeps ? { buffer, size: tile.rows * columns * 4 } : tileOf(buffer, tile, columns * 4);
    return { kernel, shape, form, tile, limits, rowsOf };
  });
  return {
    kernel,
    inputs: floats({
      values: size,
      ...(form.residual ? { residual: size } : {}),
      scale: columns,
      ...(form.uncentred ? {} : { shift: columns }),
    }),
    outputs: floats({ result: size, ...(keeps ? forGradient : {}) }),
    scratch: floats({ ...(keeps ? {} : forGradient), ...(parts > 0 ? { states: parts * MOMENTS } : {}) }),
    dispatches: tilePlans.flatMap(columns % QUAD === 0 ? quadTile : plainTile),
  };
}

/** Whether rows are folded in more than one part. */
function isWide({ rows }: Tile, columns: number): boolean {
  return columns % QUAD === 0 && rowParts(rows, columns) > 1;
}

function quadTile(plan: TilePlan): Dispatch[] {
  const { kernel, shape: { columns, epsilon }, form, tile, limits, rowsOf } = plan;
  const { rows, first } = tile;
  const quads = columns / QUAD;
  const parts = rowParts(rows, columns);
  const wide = isWide(tile, columns);
  // Where a row is one part, its fold writes the moments.
  const sizes = [u32(rows), u32(quads), u32(parts), u32(wide ? 0 : first), f32(epsilon)];
  const states = { buffer: wide ? "states" : "moments" };
  const groups = groupsFor(kernel, rows * parts, 64, limits);
  const { residual } = form;
  const folding: Dispatch = residual
    ? {
      shader: residualFold,
      constants: { DROPOUT: Number(residual.mask !== undefined) },
      bindings: [rowsOf("values"), rowsOf("residual"), rowsOf("sum"), states],
      uniforms: [...sizes, ...dropoutWords(residual.mask, first * columns)],
      groups,
    }
    : {
      shader: fold,
      constants: { CENTRED: Number(!form.uncentred) },
      bindings: [rowsOf("values"), states],
      uniforms: sizes,
      groups,
    };
  const merging: Dispatch[] = wide
    ? [{
      shader: merge,
      bindings: [states, { buffer: "moments" }],
      uniforms: [u32(rows), u32(quads), u32(parts), u32(first), f32(epsilon)],
      groups: groupsFor(kernel, rows, 64, limits),
    }]
    : [];
  const { blocks, groups: writeGroups } = blocksOf(kernel, tile, columns, WRITE_ROWS, limits);
  const writing: Dispatch = {
    shader: write,
    constants: { SHIFTED: Number(!form.uncentred) },
    bindings: [rowsOf(normalised(form)), { buffer: "moments" }, ...scaleAndShift(form), rowsOf("result")],
    uniforms: [u32(rows), u32(quads), u32(blocks), u32(first), u32(WRITE_ROWS)],
    groups: writeGroups,
  };
  return [folding, ...merging, writing];
}

function plainTile({ kernel, shape: { columns, epsilon }, form, tile, limits, rowsOf }: TilePlan): Dispatch[] {
  const { rows, first } = tile;
  const length = rows * columns;
  const adding: Dispatch[] = form.residual
    ? [{
      shader: plainSum,
      constants: { DROPOUT: Number(form.residual.mask !== undefined) },
      bindings: [rowsOf("values"), rowsOf("residual"), rowsOf("sum")],
      uniforms: [u32(length), ...dropoutWords(form.residual.mask, first * columns)],
      groups: groupsFor(kernel, Math.ceil(length / 2), 64, limits),
    }]
    : [];
  return [...adding, {
    shader: plain,
    constants: { CENTRED: Number(!form.uncentred), SHIFTED: Number(!form.uncentred) },
    bindings: [rowsOf(normalised(form)), ...scaleAndShift(form), rowsOf("result"), { buffer: "moments" }],
    uniforms: [u32(rows), u32(columns), u32(first), f32(epsilon)],
    groups: groupsFor(kernel, rows, 64, limits),
  }];
}

/** The buffer that is normalised. */
function normalised({ residual }: Form): string {
  return residual ? "sum" : "values";
}

/** RMS norm has no shift, and its shaders read none; but something must stand there. */
function scaleAndShift({ uncentred }: Form): Binding[] {
  return [{ buffer: "scale" }, { buffer: uncentred ? "scale" : "shift" }];
}
