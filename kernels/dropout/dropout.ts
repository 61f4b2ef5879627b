import { f32, groupsFor, type Kernel, KernelError, requireBindable, requireSize, u32 } from "../../src/gpu/kernel.ts";
import code from "./dropout.wgsl" with { type: "text" };
import { type DropoutKey, dropoutThreshold } from "./reference.ts";

export interface DropoutShape {
  readonly length: number;
  /** Of an element being dropped, in [0, 1). */
  readonly probability: number;
  readonly key: DropoutKey;
}

const shader = { label: "dropout", code };

/**
 * Inverted dropout. Input `values` [length] float32; output `result`, the same shape. The mask is a function of the key and the
 * position alone: the same call on the upstream gradient is the backward pass.
 *
 * @see Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011
 */
export const dropout: Kernel<DropoutShape> = {
  name: "dropout",

  plan({ length, probability, key }, limits) {
    requireSize("dropout", "length", length);
    if (!(probability >= 0 && probability < 1)) {
      throw new KernelError("dropout", `probability is ${probability}; it must be at least 0 and below 1`);
    }
    requireBindable("dropout", "values", length * 4, limits);
    return {
      kernel: "dropout",
      inputs: [{ name: "values", bytes: length * 4 }],
      outputs: [{ name: "result", bytes: length * 4 }],
      scratch: [],
      dispatches: [{
        shader,
        bindings: [{ buffer: "values" }, { buffer: "result" }],
        uniforms: [
          u32(length),
          u32(dropoutThreshold(probability)),
          f32(1 / (1 - probability)),
          u32(key.seed),
          u32(key.site),
          u32(key.step),
        ],
        groups: groupsFor("dropout", Math.ceil(length / 2), 64, limits),
      }],
    };
  },
};
