import { f32, groupsFor, type Kernel, requireBindable, requireSize, u32 } from "../../src/gpu/kernel.ts";
import normCode from "./adamw_norm.wgsl" with { type: "text" };
import partialsCode from "./adamw_norm_partials.wgsl" with { type: "text" };
import updateCode from "./adamw_update.wgsl" with { type: "text" };
import type { AdamWSettings } from "./reference.ts";

export interface AdamWShape {
  /** All elements of the flat buffers, padding included: a multiple of {@link BLOCK}. */
  readonly length: number;
  readonly settings: AdamWSettings;
  /** The learning rate of this step, as the schedule has it. */
  readonly lr: number;
  /** Counts from 1. */
  readonly step: number;
}

/** Parameters begin at multiples of this many elements: a decay flag covers one block, and bindings stay aligned. */
export const BLOCK = 64;

const NORM_GROUPS = 64;

const partials = { label: "adamw_norm_partials", code: partialsCode };
const norm = { label: "adamw_norm", code: normCode };
const update = { label: "adamw_update", code: updateCode };

/**
 * One AdamW step over every parameter of a model, in three dispatches whatever their number; nothing is read back.
 *
 * All buffers are flat, float32 [length], padded with zeros: `parameters`, `first_moment`, `second_moment` (updated in place) and
 * `gradient`. `decay_mask` uint32 [length / 64] is 1 where decay acts. `norm` [2] receives the gradient norm before clipping
 * and the coefficient. A gradient that is not finite makes the parameters NaN rather than pass unseen.
 *
 * @see Loshchilov & Hutter, Decoupled Weight Decay Regularization, 2019
 */
export const adamw: Kernel<AdamWShape> = {
  name: "adamw",

  plan({ length, settings, lr, step }, limits) {
    requireSize("adamw", "length", length, BLOCK);
    requireSize("adamw", "length / 64", length / BLOCK);
    requireSize("adamw", "step", step);
    requireBindable("adamw", "parameters", length * 4, limits);
    const groups = Math.min(NORM_GROUPS, length / BLOCK);
    const flat = (name: string) => ({ name, bytes: length * 4 });
    return {
      kernel: "adamw",
      inputs: [flat("gradient"), { name: "decay_mask", bytes: (length / BLOCK) * 4 }],
      outputs: [flat("parameters"), flat("first_moment"), flat("second_moment"), { name: "norm", bytes: 8 }],
      scratch: [{ name: "partials", bytes: groups * 4 }],
      dispatches: [
        {
          shader: partials,
          bindings: [{ buffer: "gradient" }, { buffer: "partials" }],
          uniforms: [u32(length)],
          groups: [groups, 1, 1],
        },
        {
          shader: norm,
          bindings: [{ buffer: "partials" }, { buffer: "norm" }],
          uniforms: [u32(groups), f32(settings.clip)],
          groups: [1, 1, 1],
        },
        {
          shader: update,
          bindings: ["parameters", "gradient", "first_moment", "second_moment", "decay_mask", "norm"].map((buffer) => ({
            buffer,
          })),
          uniforms: [
            u32(length),
            f32(lr),
            f32(settings.decay),
            f32(settings.beta1),
            f32(settings.beta2),
            f32(settings.epsilon),
            f32(1 / (1 - settings.beta1 ** step)),
            f32(1 / Math.sqrt(1 - settings.beta2 ** step)),
          ],
          groups: groupsFor("adamw", length, 64, limits),
        },
      ],
    };
  },
};
