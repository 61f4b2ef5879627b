import {
  type Binding,
  type Dispatch,
  groupsFor,
  type Kernel,
  type KernelLimits,
  type Plan,
  requireBindable,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import { type Tile, tileOf } from "../../src/gpu/tiling.ts";
import columnsCode from "./layer_norm_gradient_columns.wgsl" with { type: "text" };
import columnsPlainCode from "./layer_norm_gradient_columns_plain.wgsl" with { type: "text" };
import foldCode from "./layer_norm_gradient_fold.wgsl" with { type: "text" };
import mergeCode from "./layer_norm_gradient_merge.wgsl" with { type: "text" };
import plainCode from "./layer_norm_gradient_plain.wgsl" with { type: "text" };
import writeCode from "./layer_norm_gradient_write.wgsl" with { type: "text" };
import plainSumCode from "./layer_norm_plain_sum.wgsl" with { type: "text" };
import residualWriteCode from "./layer_norm_residual_gradient_write.wgsl" with { type: "text" };
import { dropoutWords, drops, type NormDropout } from "./norm_dropout.ts";
import { blocksOf, floats, MOMENTS, QUAD, rowParts, tilesOf } from "./norm_plan.ts";

export interface LayerNormGradientShape {
  readonly rows: number;
  readonly columns: number;
}

export interface ResidualLayerNormGradientShape extends LayerNormGradientShape {
  /** As it was in the forward pass. */
  readonly dropout?: NormDropout;
}

const fold: Shader = { label: "layer_norm_gradient_fold", code: foldCode };
const merge: Shader = { label: "layer_norm_gradient_merge", code: mergeCode };
const write: Shader = { label: "layer_norm_gradient_write", code: writeCode };
const residualWrite: Shader = { label: "layer_norm_residual_gradient_write", code: residualWriteCode };
const plain: Shader = { label: "layer_norm_gradient_plain", code: plainCode };
const plainColumns: Shader = { label: "layer_norm_gradient_columns_plain", code: columnsPlainCode };
const plainSum: Shader = { label: "layer_norm_plain_sum", code: plainSumCode };
const columnSums: Shader = { label: "layer_norm_gradient_columns", code: columnsCode };

/** Rows that a thread of the first pass takes; the constant of its shader. */
const FOLD_ROWS = 4;
/** Rows of which a thread sums a column at the least, and how many such sums of a column a tile has at the most. */
const LEAST_ROWS = 16;
const MOST_SUMS = 128;

/**
 * Gradient of `layerNorm`. Inputs: its `values`, `moments` and `scale`, and the `upstream` gradient [rows, columns]. Outputs: `gradient` of the
 * values [rows, columns], `scale_gradient` and `shift_gradient` [columns], which are summed over the rows in a fixed order.
 *
 * @throws KernelError from `plan` where a size is not positive, or a row or the sums exceed the binding limit
 */
export const layerNormGradient: Kernel<LayerNormGradientShape> = {
  name: "layer_norm_gradient",
  plan: (shape, limits) => gradientPlan("layer_norm_gradient", shape, { source: "values" }, limits),
};

/** Gradient of `rmsNorm`, laid out as {@link layerNormGradient} without `shift_gradient`. */
export const rmsNormGradient: Kernel<LayerNormGradientShape> = {
  name: "rms_norm_gradient",
  plan: (shape, limits) => gradientPlan("rms_norm_gradient", shape, { source: "values", uncentred: true }, limits),
};

/**
 * Gradient of `residualLayerNorm`, laid out as {@link layerNormGradient} but for `sum` in place of `values`. `gradient` is that of the sum and
 * so of the residual. Where there is dropout, `values_gradient` [rows, columns] is that of the values; without it, `gradient` is, too.
 */
export const residualLayerNormGradient: Kernel<ResidualLayerNormGradientShape> = {
  name: "residual_layer_norm_gradient",
  plan(shape, limits) {
    const mask = drops("residual_layer_norm_gradient", shape.dropout) ? shape.dropout : undefined;
    return gradientPlan("residual_layer_norm_gradient", shape, { source: "sum", ...(mask ? { mask } : {}) }, limits);
  },
};

interface Form {
  /** The buffer that was normalised. */
  readonly source: string;
  readonly uncentred?: boolean;
  readonly mask?: NormDropout;
}

interface TilePlan {
  readonly kernel: string;
  readonly columns: number;
  readonly form: Form;
  readonly tile: Tile;
  readonly limits: KernelLimits;
  /** Rows of which one thread sums a column. */
  readonly threadRows: number;
  /** Of the buffers of this tile's rows. */
  readonly rowsOf: (buffer: string) => Binding;
}

function gradientPlan(kernel: string, shape: LayerNormGradientShape, form: Form, limits: KernelLimits): Plan {
  const { rows, columns } = shape;
  const tiles = tilesOf(kernel, rows, columns, limits);
  const tileRows = Math.max(...tiles.map((tile) => tile.rows));
  const threadRows = Math.max(LEAST_ROWS, Math.ceil(tileRows / MOST_SUMS));
  const sums = Math.ceil(tileRows / threadRows);
  requireBindable(kernel, "column_sums", sums * columns * 8, limits);
  const tilePlans = tiles.map((tile): TilePlan => {
    const rowsOf = (buffer: string) => tileOf(buffer, tile, columns * 4);
    return { kernel, columns, form, tile, limits, threadRows, rowsOf };
  });
  const size = rows * columns;
  const parts = Math.max(...tiles.map((tile) => tile.rows * partsOf(tile, columns)));
  const quads = columns % QUAD === 0;
  return {
    kernel,
    inputs: floats({ [form.source]: size, moments: rows * MOMENTS, scale: columns, upstream: size }),
    outputs: floats({
      gradient: size,
      ...(form.mask ? { values_gradient: size } : {}),
      scale_gradient: columns,
      ...(form.uncentred ? {} : { shift_gradient: columns }),
    }),
    scratch: floats({
      column_sums: sums * columns * 2,
      ...(quads ? { means: tileRows * 2 } : {}),
      ...(quads && tiles.some((tile) => partsOf(tile, columns) > 1) ? { sums: parts * 2 } : {}),
      // RMS norm has no shift; the sums that would be its gradient come along.
      ...(form.uncentred ? { shift_gradient: columns } : {}),
    }),
    dispatches: tilePlans.flatMap((plan) => [...(quads ? quadTile(plan) : plainTile(plan)), columnTile(plan)]),
  };
}

function partsOf({ rows }: Tile, columns: number): number {
  return rowParts(rows, columns, FOLD_ROWS);
}

function quadTile(plan: TilePlan): Dispatch[] {
  const { kernel, columns, form, tile, limits, threadRows, rowsOf } = plan;
  const { rows, first } = tile;
  const quads = columns / QUAD;
  const parts = partsOf(tile, columns);
  const inputs = [rowsOf(form.source), { buffer: "moments" }, { buffer: "scale" }, rowsOf("upstream")];
  // Where a row is one part, its fold writes the means.
  const sums = { buffer: parts > 1 ? "sums" : "means" };
  const folding: Dispatch = {
    shader: fold,
    constants: { CENTRED: Number(!form.uncentred) },
    bindings: [...inputs, sums],
    uniforms: [u32(rows), u32(quads), u32(parts), u32(first)],
    groups: groupsFor(kernel, Math.ceil(rows / FOLD_ROWS) * parts, 64, limits),
  };
  const merging: Dispatch[] = parts > 1
    ? [{
      shader: merge,
      bindings: [sums, { buffer: "means" }],
      uniforms: [u32(rows), u32(columns), u32(parts)],
      groups: groupsFor(kernel, rows, 64, limits),
    }]
    : [];
  const { blocks, groups } = blocksOf(kernel, tile, columns, threadRows, limits);
  const sizes = [u32(rows), u32(quads), u32(blocks), u32(first), u32(threadRows)];
  const outputs = [{ buffer: "means" }, rowsOf("gradient"), { buffer: "column_sums" }];
  const writing: Dispatch = form.mask
    ? {
      shader: residualWrite,
      bindings: [...inputs, ...outputs, rowsOf("values_gradient")],
      uniforms: [...sizes, ...dropoutWords(form.mask, first * columns)],
      groups,
    }
    : { shader: write, bindings: [...inputs, ...outputs], uniforms: sizes, groups };
  return [folding, ...merging, writing];
}

function plainTile(plan: TilePlan): Dispatch[] {
  const { kernel, columns, form, tile, limits, threadRows, rowsOf } = plan;
  const { rows, first } = tile;
  const length = rows * columns;
  const [source, upstream, moments] = [rowsOf(form.source), rowsOf("upstream"), { buffer: "moments" }];
  const masking: Dispatch[] = form.mask
    ? [{
      shader: plainSum,
      constants: { DROPOUT: 1, RESIDUAL: 0 },
      // Its residual is not read.
      bindings: [rowsOf("gradient"), rowsOf("gradient"), rowsOf("values_gradient")],
      uniforms: [u32(length), ...dropoutWords(form.mask, first * columns)],
      groups: groupsFor(kernel, Math.ceil(length / 2), 64, limits),
    }]
    : [];
  return [
    {
      shader: plain,
      constants: { CENTRED: Number(!form.uncentred) },
      bindings: [source, moments, { buffer: "scale" }, upstream, rowsOf("gradient")],
      uniforms: [u32(rows), u32(columns), u32(first)],
      groups: groupsFor(kernel, rows, 64, limits),
    },
    ...masking,
    {
      shader: plainColumns,
      bindings: [source, moments, upstream, { buffer: "column_sums" }],
      uniforms: [u32(rows), u32(columns), u32(first), u32(threadRows)],
      groups: groupsFor(kernel, Math.ceil(rows / threadRows) * columns, 64, limits),
    },
  ];
}

/** Adds up the column sums of a tile, onto those of the tiles before it. */
function columnTile({ kernel, columns, tile, limits, threadRows }: TilePlan): Dispatch {
  return {
    shader: columnSums,
    bindings: [{ buffer: "column_sums" }, { buffer: "scale_gradient" }, { buffer: "shift_gradient" }],
    uniforms: [u32(columns), u32(Math.ceil(tile.rows / threadRows)), u32(tile.first === 0 ? 0 : 1)],
    groups: groupsFor(kernel, columns * 2, 64, limits),
  };
}
