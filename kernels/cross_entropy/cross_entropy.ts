import {
  type Binding,
  type BufferSpec,
  type Dispatch,
  f32,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  requireBindable,
  requireSize,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import { FAN_IN, mergePasses, partsOf } from "../../src/gpu/parts.ts";
import { rowTiles, type Tile, tileOf } from "../../src/gpu/tiling.ts";
import foldCode from "./cross_entropy_fold.wgsl" with { type: "text" };
import gradientCode from "./cross_entropy_gradient.wgsl" with { type: "text" };
import meanCode from "./cross_entropy_mean.wgsl" with { type: "text" };
import mergeCode from "./cross_entropy_merge.wgsl" with { type: "text" };
import rowsCode from "./cross_entropy_rows.wgsl" with { type: "text" };
import sumCode from "./cross_entropy_sum.wgsl" with { type: "text" };

export interface CrossEntropyShape {
  readonly rows: number;
  readonly classes: number;
  /** Whether targets are distributions over classes rather than one class each. */
  readonly soft?: boolean;
  /** Whether there are class weights. */
  readonly weighted?: boolean;
  /** The part of each target that is spread evenly over all classes, 0 to 1; 0 where absent. */
  readonly smoothing?: number;
}

const FORWARD = "cross_entropy";
const BACKWARD = "cross_entropy_gradient";

const fold: Shader = { label: "cross_entropy_fold", code: foldCode };
const merge: Shader = { label: "cross_entropy_merge", code: mergeCode };
const finish: Shader = { label: "cross_entropy_rows", code: rowsCode };
const sum: Shader = { label: "cross_entropy_sum", code: sumCode };
const mean: Shader = { label: "cross_entropy_mean", code: meanCode };
const gradient: Shader = { label: "cross_entropy_gradient", code: gradientCode };

/** Columns that a thread of the gradient takes; the constant of its shader. */
const WRITE_COLUMNS = 16;
const STATE_BYTES = 20;
const ROW_STATE_BYTES = 16;
const PAIR_BYTES = 8;
const STATES = ["states", "merged"] as const;
const PAIRS = ["row_sums", "merged_sums"] as const;

/**
 * Mean cross-entropy of rows of logits with their targets, in nats, as torch.nn.functional.cross_entropy defines it.
 *
 * Inputs: `logits` [rows, classes] float32; `targets` int32 [rows], a negative one for a row that is ignored, or with `soft`
 * float32 [rows, classes]; with `weighted` `class_weights` [classes] float32. Outputs: `loss` [1]; `divisor` [1], the sum of the
 * weights of the targets, for soft targets the number of rows; `row_states` [rows, 4]: maximum, log of the sum of e^(x - maximum),
 * weight of all of the target, weighted loss, all 0 for an ignored row.
 *
 * Where the divisor is 0, as where every row is ignored, the loss is 0. A NaN or +infinity among the logits of a row that counts,
 * or a target that is no class, makes the loss NaN.
 *
 * Each row is one part to 127 classes; more are folded in parts, which are merged. Rows are tiled to the binding limit.
 *
 * @throws KernelError where a row alone exceeds the device's binding size, or smoothing is no part
 * @see Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2016, for smoothing
 */
export const crossEntropy: Kernel<CrossEntropyShape> = {
  name: FORWARD,

  plan(shape, limits) {
    const { rows, classes } = shape;
    const tiles = tilesOf(FORWARD, shape, limits);
    const inputs = inputsOf(shape);
    requireWhole(FORWARD, inputs, shape, limits);
    const states = Math.max(...tiles.map((tile) => tile.rows * partsOf(tile.rows, classes)));
    const merged = Math.max(
      ...tiles.map((tile) => tile.rows * Math.ceil(partsOf(tile.rows, classes) / FAN_IN)),
    );
    const scratch = [
      { name: STATES[0], bytes: states * STATE_BYTES },
      { name: STATES[1], bytes: merged * STATE_BYTES },
      { name: PAIRS[0], bytes: rows * PAIR_BYTES },
      { name: PAIRS[1], bytes: Math.ceil(rows / FAN_IN) * PAIR_BYTES },
    ];
    for (const { name, bytes } of scratch) requireBindable(FORWARD, name, bytes, limits);
    return {
      kernel: FORWARD,
      inputs,
      outputs: [
        { name: "loss", bytes: 4 },
        { name: "divisor", bytes: 4 },
        { name: "row_states", bytes: rows * ROW_STATE_BYTES },
      ],
      scratch,
      dispatches: [...tiles.flatMap((tile) => rowsOfTile(tile, shape, limits)), ...meanOf(rows, limits)],
    };
  },
};

/**
 * Gradient of {@link crossEntropy} with respect to the logits. Inputs as there, its outputs `row_states` and `divisor`, and the
 * `upstream` gradient [1]; output `gradient` [rows, classes]. An ignored row gets zeros, a row whose loss is NaN gets NaN.
 */
export const crossEntropyGradient: Kernel<CrossEntropyShape> = {
  name: BACKWARD,

  plan(shape, limits) {
    const { rows, classes } = shape;
    const tiles = tilesOf(BACKWARD, shape, limits);
    const inputs = inputsOf(shape);
    requireWhole(BACKWARD, inputs, shape, limits);
    return {
      kernel: BACKWARD,
      inputs: [
        ...inputs,
        { name: "row_states", bytes: rows * ROW_STATE_BYTES },
        { name: "divisor", bytes: 4 },
        { name: "upstream", bytes: 4 },
      ],
      outputs: [{ name: "gradient", bytes: rows * classes * 4 }],
      scratch: [],
      dispatches: tiles.map((tile) => gradientOfTile(tile, shape, limits)),
    };
  },
};

function tilesOf(name: string, { rows, classes, smoothing = 0 }: CrossEntropyShape, limits: KernelLimits): Tile[] {
  requireSize(name, "rows", rows);
  requireSize(name, "classes", classes);
  if (!(smoothing >= 0 && smoothing <= 1)) {
    throw new KernelError(name, `smoothing is ${smoothing}; it must be between 0 and 1`);
  }
  return rowTiles(name, rows, [classes * 4], limits);
}

function inputsOf({ rows, classes, soft = false, weighted = false }: CrossEntropyShape): BufferSpec[] {
  return [
    { name: "logits", bytes: rows * classes * 4 },
    { name: "targets", bytes: soft ? rows * classes * 4 : rows * 4 },
    ...(weighted ? [{ name: "class_weights", bytes: classes * 4 }] : []),
  ];
}

/** What is bound whole has to fit; logits and soft targets are tiled. */
function requireWhole(
  kernel: string,
  inputs: readonly BufferSpec[],
  { rows, soft = false }: CrossEntropyShape,
  limits: KernelLimits,
): void {
  const tiled = soft ? ["logits", "targets"] : ["logits"];
  for (const { name, bytes } of inputs) {
    if (!tiled.includes(name)) requireBindable(kernel, name, bytes, limits);
  }
  requireBindable(kernel, "row_states", rows * ROW_STATE_BYTES, limits);
}

function constantsOf({ soft = false, weighted = false, smoothing = 0 }: CrossEntropyShape) {
  return { SOFT: soft ? 1 : 0, WEIGHTED: weighted ? 1 : 0, SPREAD: soft || smoothing > 0 ? 1 : 0 };
}

/** Logits, targets and class weights of a tile. Where there are no weights their place is filled, and not read. */
function bindingsOf(tile: Tile, { classes, soft = false, weighted = false }: CrossEntropyShape): Binding[] {
  const logits = tileOf("logits", tile, classes * 4);
  return [
    logits,
    soft ? tileOf("targets", tile, classes * 4) : { buffer: "targets" },
    weighted ? { buffer: "class_weights" } : logits,
  ];
}

function rowsOfTile(tile: Tile, shape: CrossEntropyShape, limits: KernelLimits): Dispatch[] {
  const { first, rows } = tile;
  const { classes, smoothing = 0 } = shape;
  const constants = constantsOf(shape);
  const given = bindingsOf(tile, shape);
  const parts = partsOf(rows, classes);
  const passes = parts === 1 ? [] : mergePasses(parts);
  return [
    {
      shader: fold,
      constants,
      bindings: [...given, { buffer: STATES[0] }],
      uniforms: [
        u32(rows),
        u32(classes),
        u32(parts),
        u32(first),
        f32(smoothing / classes),
        f32(1 - smoothing),
      ],
      groups: groupsFor(FORWARD, rows * parts, 64, limits),
    },
    ...passes.map(({ states, results, from }): Dispatch => ({
      shader: merge,
      bindings: [{ buffer: STATES[from] }, { buffer: STATES[from === 0 ? 1 : 0] }],
      uniforms: [u32(rows), u32(states), u32(FAN_IN), u32(results)],
      groups: groupsFor(FORWARD, rows * results, 64, limits),
    })),
    {
      shader: finish,
      constants,
      bindings: [...given, { buffer: STATES[passes.length % 2]! }, { buffer: "row_states" }, { buffer: PAIRS[0] }],
      uniforms: [u32(rows), u32(classes), u32(first), f32(1 - smoothing)],
      groups: groupsFor(FORWARD, rows, 64, limits),
    },
  ];
}

/** Adds up the rows of all tiles, and divides. */
function meanOf(rows: number, limits: KernelLimits): Dispatch[] {
  return mergePasses(rows).map(({ states, results, from }): Dispatch =>
    results === 1
      ? {
        shader: mean,
        bindings: [{ buffer: PAIRS[from] }, { buffer: "loss" }, { buffer: "divisor" }],
        uniforms: [u32(states)],
        groups: [1, 1, 1],
      }
      : {
        shader: sum,
        bindings: [{ buffer: PAIRS[from] }, { buffer: PAIRS[from === 0 ? 1 : 0] }],
        uniforms: [u32(states), u32(FAN_IN), u32(results)],
        groups: groupsFor(FORWARD, results, 64, limits),
      }
  );
}

function gradientOfTile(tile: Tile, shape: CrossEntropyShape, limits: KernelLimits): Dispatch {
  const { first, rows } = tile;
  const { classes, smoothing = 0 } = shape;
  const rowBlocks = Math.ceil(classes / WRITE_COLUMNS);
  return {
    shader: gradient,
    constants: constantsOf(shape),
    bindings: [
      ...bindingsOf(tile, shape),
      { buffer: "row_states" },
      { buffer: "divisor" },
      { buffer: "upstream" },
      tileOf("gradient", tile, classes * 4),
    ],
    uniforms: [
      u32(rows),
      u32(classes),
      u32(rowBlocks),
      u32(first),
      f32(smoothing / classes),
      f32(1 - smoothing),
    ],
    groups: groupsFor(BACKWARD, rows * rowBlocks, 64, limits),
  };
}
