import {
  type Binding,
  type BufferSpec,
  type Dispatch,
  groupsFor,
  type Kernel,
  type KernelLimits,
  requireSize,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import { FAN_IN, mergePasses, partsOf } from "../../src/gpu/parts.ts";
import { rowTiles, type Tile, tileOf } from "../../src/gpu/tiling.ts";
import foldCode from "./softmax_fold.wgsl" with { type: "text" };
import gradientFoldCode from "./softmax_gradient_fold.wgsl" with { type: "text" };
import gradientMergeCode from "./softmax_gradient_merge.wgsl" with { type: "text" };
import gradientNarrowCode from "./softmax_gradient_narrow.wgsl" with { type: "text" };
import gradientWriteCode from "./softmax_gradient_write.wgsl" with { type: "text" };
import mergeCode from "./softmax_merge.wgsl" with { type: "text" };
import narrowCode from "./softmax_narrow.wgsl" with { type: "text" };
import writeCode from "./softmax_write.wgsl" with { type: "text" };

export interface SoftmaxShape {
  readonly rows: number;
  readonly columns: number;
}

const narrow: Shader = { label: "softmax_narrow", code: narrowCode };
const fold: Shader = { label: "softmax_fold", code: foldCode };
const merge: Shader = { label: "softmax_merge", code: mergeCode };
const write: Shader = { label: "softmax_write", code: writeCode };
const gradientNarrow: Shader = { label: "softmax_gradient_narrow", code: gradientNarrowCode };
const gradientFold: Shader = { label: "softmax_gradient_fold", code: gradientFoldCode };
const gradientMerge: Shader = { label: "softmax_gradient_merge", code: gradientMergeCode };
const gradientWrite: Shader = { label: "softmax_gradient_write", code: gradientWriteCode };

/** Up to here a thread takes a whole row. */
const NARROW_COLUMNS = 64;
/** Columns that a thread of the last pass takes; the constant of its shaders. */
const WRITE_COLUMNS = 16;
const STATE_BYTES = 12;
const SUM_BYTES = 4;

/**
 * Softmax of each row. Input `logits` [rows, columns] float32; output `result`, the same shape. A row that holds a NaN or
 * +infinity becomes NaN; a row that is masked throughout becomes uniform.
 *
 * Variants: a thread a row to 64 columns; above, parts of rows are folded, merged and written. Rows are tiled to the binding
 * limit.
 *
 * @see Milakov & Gimelshein, Online normalizer calculation for softmax, 2018
 */
export const softmax: Kernel<SoftmaxShape> = forward("softmax", 0);

/** Log-softmax of each row, in nats; else as {@link softmax}. */
export const logSoftmax: Kernel<SoftmaxShape> = forward("log_softmax", 1);

/** Gradient of {@link softmax}: inputs its `result` and the `upstream` gradient, output `gradient`, all [rows, columns]. */
export const softmaxGradient: Kernel<SoftmaxShape> = backward("softmax_gradient", 0);

/** Gradient of {@link logSoftmax}, laid out as {@link softmaxGradient}. */
export const logSoftmaxGradient: Kernel<SoftmaxShape> = backward("log_softmax_gradient", 1);

type Logarithm = 0 | 1;

function forward(name: string, logarithm: Logarithm): Kernel<SoftmaxShape> {
  const constants = { LOGARITHM: logarithm };
  return {
    name,
    plan(shape, limits) {
      const { columns } = shape;
      const tiles = tilesOf(name, shape, limits);
      const own = { kernel: name, ...buffersOf(["logits"], "result", shape) };
      if (columns <= NARROW_COLUMNS) {
        return {
          ...own,
          scratch: [],
          dispatches: tiles.map((tile) =>
            narrowTile(name, narrow, ["logits", "result"], constants, tile, columns, limits)
          ),
        };
      }
      return {
        ...own,
        scratch: scratchOf(tiles, columns, STATE_BYTES),
        dispatches: tiles.flatMap((tile) => wideTile(name, constants, tile, columns, limits)),
      };
    },
  };
}

function wideTile(
  name: string,
  constants: Record<string, number>,
  tile: Tile,
  columns: number,
  limits: KernelLimits,
): Dispatch[] {
  const { rows } = tile;
  const [logits, result] = ["logits", "result"].map((buffer) => tileOf(buffer, tile, columns * 4));
  return [
    foldTile(name, fold, {}, [logits!], tile, columns, limits),
    ...mergeTile(name, merge, rows, columns, limits),
    writeTile(name, write, constants, [logits!, mergedOf(rows, columns), result!], tile, columns, limits),
  ];
}

function wideGradientTile(
  name: string,
  constants: Record<string, number>,
  tile: Tile,
  columns: number,
  limits: KernelLimits,
): Dispatch[] {
  const { rows } = tile;
  const [result, upstream, gradient] = ["result", "upstream", "gradient"].map((buffer) =>
    tileOf(buffer, tile, columns * 4)
  );
  const sum = mergedOf(rows, columns);
  return [
    foldTile(name, gradientFold, constants, [result!, upstream!], tile, columns, limits),
    ...mergeTile(name, gradientMerge, rows, columns, limits),
    writeTile(name, gradientWrite, constants, [result!, upstream!, sum, gradient!], tile, columns, limits),
  ];
}

const SCRATCH = ["states", "merged"] as const;

function scratchOf(tiles: readonly Tile[], columns: number, stateBytes: number): BufferSpec[] {
  const states = Math.max(...tiles.map(({ rows }) => rows * partsOf(rows, columns)));
  const merged = Math.max(...tiles.map(({ rows }) => rows * Math.ceil(partsOf(rows, columns) / FAN_IN)));
  return [{ name: SCRATCH[0], bytes: states * stateBytes }, { name: SCRATCH[1], bytes: merged * stateBytes }];
}

/** Where the one state of each row is after the merging. */
function mergedOf(rows: number, columns: number): Binding {
  return { buffer: SCRATCH[mergePasses(partsOf(rows, columns)).length % 2]! };
}

function foldTile(
  name: string,
  shader: Shader,
  constants: Record<string, number>,
  inputs: readonly Binding[],
  { rows }: Tile,
  columns: number,
  limits: KernelLimits,
): Dispatch {
  const parts = partsOf(rows, columns);
  return {
    shader,
    constants,
    bindings: [...inputs, { buffer: SCRATCH[0] }],
    uniforms: [u32(rows), u32(columns), u32(parts)],
    groups: groupsFor(name, rows * parts, 64, limits),
  };
}

function mergeTile(name: string, shader: Shader, rows: number, columns: number, limits: KernelLimits): Dispatch[] {
  return mergePasses(partsOf(rows, columns)).map(({ states, results, from }) => ({
    shader,
    bindings: [{ buffer: SCRATCH[from] }, { buffer: SCRATCH[from === 0 ? 1 : 0] }],
    uniforms: [u32(rows), u32(states), u32(FAN_IN), u32(results)],
    groups: groupsFor(name, rows * results, 64, limits),
  }));
}

function writeTile(
  name: string,
  shader: Shader,
  constants: Record<string, number>,
  bindings: readonly Binding[],
  { rows }: Tile,
  columns: number,
  limits: KernelLimits,
): Dispatch {
  const rowBlocks = Math.ceil(columns / WRITE_COLUMNS);
  return {
    shader,
    constants,
    bindings,
    uniforms: [u32(rows), u32(columns), u32(rowBlocks)],
    groups: groupsFor(name, rows * rowBlocks, 64, limits),
  };
}

function backward(name: string, logarithm: Logarithm): Kernel<SoftmaxShape> {
  const constants = { LOGARITHM: logarithm };
  const buffers = ["result", "upstream", "gradient"];
  return {
    name,
    plan(shape, limits) {
      const { columns } = shape;
      const tiles = tilesOf(name, shape, limits);
      const own = { kernel: name, ...buffersOf(["result", "upstream"], "gradient", shape) };
      if (columns <= NARROW_COLUMNS) {
        return {
          ...own,
          scratch: [],
          dispatches: tiles.map((tile) => narrowTile(name, gradientNarrow, buffers, constants, tile, columns, limits)),
        };
      }
      return {
        ...own,
        scratch: scratchOf(tiles, columns, SUM_BYTES),
        dispatches: tiles.flatMap((tile) => wideGradientTile(name, constants, tile, columns, limits)),
      };
    },
  };
}

function tilesOf(name: string, { rows, columns }: SoftmaxShape, limits: KernelLimits): Tile[] {
  requireSize(name, "rows", rows);
  requireSize(name, "columns", columns);
  return rowTiles(name, rows, [columns * 4], limits);
}

function buffersOf(inputs: readonly string[], output: string, { rows, columns }: SoftmaxShape) {
  const bytes = rows * columns * 4;
  return { inputs: inputs.map((name) => ({ name, bytes })), outputs: [{ name: output, bytes }] };
}

function narrowTile(
  name: string,
  shader: Shader,
  buffers: readonly string[],
  constants: Record<string, number>,
  tile: Tile,
  columns: number,
  limits: KernelLimits,
): Dispatch {
  return {
    shader,
    constants,
    bindings: buffers.map((buffer) => tileOf(buffer, tile, columns * 4)),
    uniforms: [u32(tile.rows), u32(columns)],
    groups: groupsFor(name, tile.rows, 64, limits),
  };
}
