import {
  type Binding,
  type Dispatch,
  groupsFor,
  type Kernel,
  type KernelLimits,
  requireBindable,
  requireSize,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import { rowTiles, tileOf } from "../../src/gpu/tiling.ts";
import code from "./column_sums.wgsl" with { type: "text" };
import blocksCode from "./column_sums_blocks.wgsl" with { type: "text" };

export interface ColumnSumsShape {
  readonly rows: number;
  readonly columns: number;
}

const NAME = "column_sums";
const single: Shader = { label: "column_sums", code };
const inBlocks: Shader = { label: "column_sums_blocks", code: blocksCode };

/** Rows that one thread adds up. More would leave a GPU idle, fewer would be another pass. */
const FAN_IN = 32;
const BLOCK = 4;
const SCRATCH = ["parts", "merged"] as const;

/**
 * Sum of each column, which is the gradient of a bias. Input `values` [rows, columns] float32; output `sums` [columns].
 *
 * Passes of 32 rows into one, in a fixed order. Rows are tiled to the binding limit.
 *
 * @throws KernelError where a row alone, or what the first pass leaves, exceeds the device's binding size
 */
export const columnSums: Kernel<ColumnSumsShape> = {
  name: NAME,

  plan({ rows, columns }, limits) {
    requireSize(NAME, "rows", rows);
    requireSize(NAME, "columns", columns);
    const tiles = rowTiles(NAME, rows, [columns * 4], limits);
    const tileParts = tiles.map((tile) => partsOf(tile.rows));
    const counts = [tileParts.reduce((sum, parts) => sum + parts, 0)];
    while (counts.at(-1)! > 1) counts.push(partsOf(counts.at(-1)!));
    // Where the rows of the n-th of these are: the last of them is the result.
    const bufferOf = (pass: number) => pass === counts.length - 1 ? "sums" : SCRATCH[pass % 2]!;
    // Each of the two is first used at its largest.
    const scratch = counts.slice(0, -1).slice(0, 2)
      .map((parts, pass) => ({ name: SCRATCH[pass]!, bytes: parts * columns * 4 }));
    for (const { name, bytes } of scratch) requireBindable(NAME, name, bytes, limits);

    let into = 0;
    const first = tiles.map((tile, index) => {
      const parts = tileParts[index]!;
      const bindings = [tileOf("values", tile, columns * 4), { buffer: bufferOf(0) }];
      const dispatch = passOf(bindings, tile.rows * columns, parts * columns, into * columns, limits);
      into += parts;
      return dispatch;
    });
    const others = counts.slice(1).map((parts, index) => {
      const bindings = [{ buffer: bufferOf(index) }, { buffer: bufferOf(index + 1) }];
      return passOf(bindings, counts[index]! * columns, parts * columns, 0, limits);
    });
    return {
      kernel: NAME,
      inputs: [{ name: "values", bytes: rows * columns * 4 }],
      outputs: [{ name: "sums", bytes: columns * 4 }],
      scratch,
      dispatches: [...first, ...others],
    };
  },
};

/** Rows after a pass: multiples of four, so that blocks of four elements serve any number of columns. */
function partsOf(rows: number): number {
  const parts = Math.ceil(rows / FAN_IN);
  return parts === 1 ? 1 : Math.ceil(parts / 4) * 4;
}

function passOf(
  bindings: readonly Binding[],
  length: number,
  stride: number,
  into: number,
  limits: KernelLimits,
): Dispatch {
  const whole = [length, stride, into].every((elements) => elements % BLOCK === 0);
  const unit = whole ? BLOCK : 1;
  return {
    shader: whole ? inBlocks : single,
    bindings,
    uniforms: [u32(length / unit), u32(stride / unit), u32(into / unit)],
    groups: groupsFor(NAME, stride / unit, 64, limits),
  };
}
