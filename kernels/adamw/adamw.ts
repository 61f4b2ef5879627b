import {
  type Binding,
  type Dispatch,
  f32,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  requireSize,
  u32,
} from "../../src/gpu/kernel.ts";
import { partBuffer, rowTiles, type Tile, tileOf } from "../../src/gpu/tiling.ts";
import advanceCode from "./adamw_advance.wgsl" with { type: "text" };
import mergeCode from "./adamw_merge.wgsl" with { type: "text" };
import partialsCode from "./adamw_partials.wgsl" with { type: "text" };
import updateCode from "./adamw_update.wgsl" with { type: "text" };
import type { AdamWSettings, LearningRate } from "./reference.ts";

export interface AdamWShape {
  /** Elements of each segment of the flat buffers, padding included: multiples of {@link BLOCK}. One, unless no buffer holds all. */
  readonly segments: readonly number[];
  readonly settings: AdamWSettings;
  readonly rate: LearningRate;
}

/** Parameters begin at multiples of this many elements: a decay flag covers one block, and bindings stay aligned. */
export const BLOCK = 64;

/** The words of the state, float32. */
export const ADAMW_STATE = [
  "frozen",
  "step",
  "norm",
  "coefficient",
  "lr",
  "inverse_c1",
  "inverse_root_c2",
  "live",
] as const;

/** Elements in a vector of the shaders. */
const VECTOR = 4;
/** Vectors that a workgroup takes at once, of the update as of the sums; a constant of their shaders. */
const GROUP_VECTORS = 256;
/** Workgroups of the sums of squares over one tile, at most: enough to fill a large GPU. */
const MOST_GROUPS = 512;
/** Sums that are left for the one thread that ends the norm. */
const MERGED = 256;
/** Up to here float32 counts. */
const MOST_STEPS = 2 ** 24;

const partials = { label: "adamw_partials", code: partialsCode };
const merge = { label: "adamw_merge", code: mergeCode };
const advance = { label: "adamw_advance", code: advanceCode };
const update = { label: "adamw_update", code: updateCode };

/**
 * One AdamW step over every parameter of a model, clipped by the global norm, in four dispatches whatever their number; nothing is
 * read back. The same plan, recorded again, is the next step: the count of steps, the learning rate's schedule and the
 * corrections of the moments are kept on the GPU.
 *
 * All buffers are flat, float32 [length], padded with zeros: `parameters`, `first_moment`, `second_moment` (updated in place, the
 * moments from zero on) and `gradient`. `decay_mask` uint32 [length / 64] is 1 where decay acts. `state` float32 [8], zeros before
 * the first step, has the words of {@link ADAMW_STATE}: `step` the steps done, `norm` the gradient's before clipping, `coefficient`
 * what it was scaled by, `lr` the last step's.
 *
 * Where the norm is not finite, the step is not taken: `frozen` becomes its number, counted from 1, and no later step changes
 * anything.
 *
 * Several segments have buffers of their own, named by {@link segmentBuffer}. Segments over the binding limit are tiled.
 *
 * @throws KernelError where a length is not a multiple of 64, or a schedule has more than 2^24 steps
 * @see Loshchilov & Hutter, Decoupled Weight Decay Regularization, 2019
 */
export const adamw: Kernel<AdamWShape> = {
  name: "adamw",

  plan({ segments, settings, rate }, limits) {
    requireSize("adamw", "the number of segments", segments.length);
    if (rate.steps !== undefined) requireSize("adamw", "the number of steps of the schedule", rate.steps);
    const { rising = 0, steps = 0 } = rate;
    if (Math.max(rising, steps) > MOST_STEPS) {
      throw new KernelError("adamw", `a schedule of ${Math.max(rising, steps)} steps; float32 counts to ${MOST_STEPS}`);
    }
    const tiles = segments.flatMap((length, segment) => tilesOf(length, segment, limits));
    const groups = tiles.map(({ tile }) => Math.ceil(vectorsOf(tile) / spanOf(tile)));
    const sums = groups.reduce((sum, each) => sum + each * 64, 0);
    const flat = (name: string) =>
      segments.map((length, segment) => ({ name: segmentBuffer(name, segment), bytes: length * 4 }));
    return {
      kernel: "adamw",
      inputs: [
        ...flat("gradient"),
        ...segments.map((length, segment) => ({
          name: segmentBuffer("decay_mask", segment),
          bytes: (length / BLOCK) * 4,
        })),
      ],
      outputs: [
        ...flat("parameters"),
        ...flat("first_moment"),
        ...flat("second_moment"),
        { name: "state", bytes: ADAMW_STATE.length * 4 },
      ],
      scratch: [{ name: "partials", bytes: sums * 4 }, { name: "merged", bytes: MERGED * 4 }],
      dispatches: [
        ...tiles.map((each, index) =>
          partialsOf(each, groups[index]!, groups.slice(0, index).reduce((sum, before) => sum + before * 64, 0))
        ),
        {
          shader: merge,
          bindings: [{ buffer: "partials" }, { buffer: "merged" }],
          uniforms: [u32(sums / VECTOR), u32(MERGED)],
          groups: [MERGED / 64, 1, 1],
        },
        {
          shader: advance,
          bindings: [{ buffer: "merged" }, { buffer: "state" }],
          uniforms: [
            u32(MERGED / VECTOR),
            f32(settings.clip),
            f32(rate.base),
            f32(rising),
            f32(steps),
            f32(logarithm(settings.beta1)),
            f32(logarithm(settings.beta2)),
          ],
          groups: [1, 1, 1],
        },
        ...tiles.map((each) => updateOf(each, settings, limits)),
      ],
    };
  },
};

/** The name of a segment's buffer: `gradient`, `gradient_1`, `gradient_2`. */
export function segmentBuffer(name: string, segment: number): string {
  return partBuffer(name, segment);
}

/** A run of blocks of a segment. */
interface SegmentTile {
  readonly segment: number;
  readonly tile: Tile;
}

function tilesOf(length: number, segment: number, limits: KernelLimits): SegmentTile[] {
  requireSize("adamw", "length", length, BLOCK);
  requireSize("adamw", `length / ${BLOCK}`, length / BLOCK);
  if (length * 4 > limits.maxBufferSize) {
    throw new KernelError(
      "adamw",
      `a segment of ${length} elements takes ${
        length * 4
      } bytes; this device's buffers hold at most ${limits.maxBufferSize}`,
    );
  }
  return rowTiles("adamw", length / BLOCK, [BLOCK * 4, 4], limits).map((tile) => ({ segment, tile }));
}

function vectorsOf({ rows }: Tile): number {
  return rows * BLOCK / VECTOR;
}

/** Vectors whose squares a workgroup adds. */
function spanOf(tile: Tile): number {
  return Math.ceil(vectorsOf(tile) / MOST_GROUPS / GROUP_VECTORS) * GROUP_VECTORS;
}

function blocksOf(name: string, { segment, tile }: SegmentTile, blockBytes = BLOCK * 4): Binding {
  return tileOf(segmentBuffer(name, segment), tile, blockBytes);
}

function partialsOf(each: SegmentTile, groups: number, first: number): Dispatch {
  return {
    shader: partials,
    bindings: [blocksOf("gradient", each), { buffer: "partials" }],
    uniforms: [u32(vectorsOf(each.tile)), u32(spanOf(each.tile)), u32(first)],
    groups: [groups, 1, 1],
  };
}

function updateOf(each: SegmentTile, settings: AdamWSettings, limits: KernelLimits): Dispatch {
  const { decay, beta1, beta2, epsilon } = settings;
  const vectors = vectorsOf(each.tile);
  return {
    shader: update,
    bindings: [
      ...["parameters", "gradient", "first_moment", "second_moment"].map((name) => blocksOf(name, each)),
      blocksOf("decay_mask", each, 4),
      { buffer: "state" },
    ],
    uniforms: [
      u32(vectors),
      f32(decay),
      f32(beta1),
      f32(1 - beta1),
      f32(beta2),
      f32(1 - beta2),
      f32(epsilon),
    ],
    groups: groupsFor("adamw", vectors, GROUP_VECTORS, limits),
  };
}

/** Of a beta; that of 0 would be an infinity, which WGSL may assume there is none of. */
function logarithm(beta: number): number {
  return Math.max(Math.log(beta), -1e4);
}
