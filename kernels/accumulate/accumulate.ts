import { type Dispatch, groupsFor, type Kernel, KernelError, requireSize, u32 } from "../../src/gpu/kernel.ts";
import { rowTiles, type Tile } from "../../src/gpu/tiling.ts";
import vectorsCode from "./accumulate.wgsl" with { type: "text" };
import wordsCode from "./accumulate_words.wgsl" with { type: "text" };

export interface AccumulateShape {
  /** Elements of the flat array. */
  readonly length: number;
  /** Where each addend begins in it, a multiple of 64, and how long it is; in elements. They do not overlap. */
  readonly addends: readonly { readonly at: number; readonly length: number }[];
}

/** The strictest alignment of a binding that WebGPU allows a device, in float32 elements. */
const ALIGNMENT = 64;

const vectors = { label: "accumulate", code: vectorsCode };
const words = { label: "accumulate_words", code: wordsCode };

/**
 * Adds arrays to ranges of one flat array, such as the gradients of a further batch to those so far: a dispatch each, and no copy.
 *
 * Inputs `addend_0`, `addend_1`, ... float32, of any length; `sum` float32 [length] is updated in place. Addends over the binding
 * limit are tiled.
 *
 * @throws KernelError where an addend begins at no multiple of 64, or ends beyond the sum
 */
export const accumulate: Kernel<AccumulateShape> = {
  name: "accumulate",

  plan({ length, addends }, limits) {
    requireSize("accumulate", "length", length);
    requireSize("accumulate", "the number of addends", addends.length);
    const dispatches = addends.flatMap((addend, index): Dispatch[] => {
      requireSize("accumulate", `the length of addend ${index}`, addend.length);
      requireSize("accumulate", `the place of addend ${index}, in steps of ${ALIGNMENT},`, addend.at / ALIGNMENT, 0);
      if (addend.at + addend.length > length) {
        throw new KernelError(
          "accumulate",
          `addend ${index} ends at ${addend.at + addend.length}; the sum has ${length} elements`,
        );
      }
      const bindingsOf = ({ first, rows }: Tile) => [
        { buffer: `addend_${index}`, offset: first * 4, size: rows * 4 },
        { buffer: "sum", offset: (addend.at + first) * 4, size: rows * 4 },
      ];
      return rowTiles("accumulate", addend.length, [4], limits).map((tile) => {
        const perThread = tile.rows % 4 === 0 ? 4 : 1;
        const threads = tile.rows / perThread;
        return {
          shader: perThread === 4 ? vectors : words,
          bindings: bindingsOf(tile),
          uniforms: [u32(threads)],
          groups: groupsFor("accumulate", threads, 64, limits),
        };
      });
    });
    return {
      kernel: "accumulate",
      inputs: addends.map((addend, index) => ({ name: `addend_${index}`, bytes: addend.length * 4 })),
      outputs: [{ name: "sum", bytes: length * 4 }],
      scratch: [],
      dispatches,
    };
  },
};
