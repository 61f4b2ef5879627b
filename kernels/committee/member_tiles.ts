import {
  type Binding,
  type BufferSpec,
  type Dispatch,
  groupsFor,
  KernelError,
  type KernelLimits,
  u32,
} from "../../src/gpu/kernel.ts";
import { rangeFrom, type Tile } from "../../src/gpu/tiling.ts";
import gatherCode from "./committee_gather.wgsl" with { type: "text" };

/** A run of rows of all members: `source` binds them as [members, rows, columns], once the `gathers` have run. */
export interface MemberTile extends Tile {
  readonly source: Binding;
  readonly gathers: readonly Dispatch[];
}

export interface MemberTiles {
  readonly tiles: readonly MemberTile[];
  readonly scratch: readonly BufferSpec[];
}

const gather = { label: "committee_gather", code: gatherCode };

/**
 * Cuts `input` [members, rows, columns] of 32-bit words into tiles of rows that fit a binding. An input that fits whole is one
 * tile, read where it is. Else each member's part of a tile is copied to a buffer of its own, since it lies apart from the other
 * members' and may begin where no binding may.
 *
 * @throws KernelError where not even one row of all members fits
 */
export function memberTiles(
  kernel: string,
  input: string,
  members: number,
  rows: number,
  columns: number,
  limits: KernelLimits,
): MemberTiles {
  const most = limits.maxStorageBufferBindingSize;
  const alignment = limits.minStorageBufferOffsetAlignment;
  if (members * rows * columns * 4 <= most) {
    return { tiles: [{ first: 0, rows, source: { buffer: input }, gathers: [] }], scratch: [] };
  }
  // A member's part is bound from the last aligned offset before it.
  const least = Math.max(members * columns * 4, columns * 4 + alignment);
  if (least > most) {
    throw new KernelError(
      kernel,
      `one row of ${members} members takes ${least} bytes; this device binds at most ${most} at once`,
    );
  }
  const tileRows = Math.min(
    Math.floor(most / (members * columns * 4)),
    Math.floor((most - alignment) / (columns * 4)),
  );
  const tiles: MemberTile[] = [];
  for (let first = 0; first < rows; first += tileRows) {
    const tile = { first, rows: Math.min(tileRows, rows - first) };
    const words = tile.rows * columns;
    const gathers = Array.from({ length: members }, (_, member): Dispatch => {
      const { binding, shift } = rangeFrom(input, (member * rows + first) * columns * 4, words * 4, limits);
      return {
        shader: gather,
        bindings: [binding, { buffer: "tile" }],
        uniforms: [u32(words), u32(shift), u32(member * words)],
        groups: groupsFor(kernel, words, 64, limits),
      };
    });
    tiles.push({ ...tile, source: { buffer: "tile" }, gathers });
  }
  return { tiles, scratch: [{ name: "tile", bytes: members * tileRows * columns * 4 }] };
}
