import { groupsFor, type Kernel, KernelError, requireBindable, requireSize, u32 } from "../../src/gpu/kernel.ts";
import chunksCode from "./embedding_gradient_chunks.wgsl" with { type: "text" };
import rowsCode from "./embedding_gradient_rows.wgsl" with { type: "text" };

/** Which positions looked up which row: what the kernel is given in place of the ids. */
export interface Lookups {
  /** How many positions there are in all, those ignored included. */
  readonly count: number;
  readonly positions: Uint32Array;
  readonly starts: Uint32Array;
  readonly tableRows: Uint32Array;
  readonly firstChunks: Uint32Array;
}

export interface EmbeddingGradientShape {
  readonly lookups: Lookups;
  readonly tableRows: number;
  readonly columns: number;
}

const CHUNK_POSITIONS = 32;

const chunks = { label: "embedding_gradient_chunks", code: chunksCode };
const rows = { label: "embedding_gradient_rows", code: rowsCode };

/**
 * Groups positions by the id that they looked up, in ascending order of both, in chunks of at most 32.
 *
 * `ignoredId`, such as that of padding, gives its row no gradient.
 *
 * @throws KernelError where an id is outside the table
 */
export function groupLookups(ids: ArrayLike<number>, tableRows: number, ignoredId?: number): Lookups {
  const byRow = new Map<number, number[]>();
  for (let position = 0; position < ids.length; position++) {
    const id = ids[position]!;
    if (!Number.isInteger(id) || id < 0 || id >= tableRows) {
      throw new KernelError(
        "embedding_gradient",
        `id ${id} at position ${position} is outside a table of ${tableRows} rows`,
      );
    }
    if (id === ignoredId) continue;
    const group = byRow.get(id);
    if (group) group.push(position);
    else byRow.set(id, [position]);
  }
  const used = [...byRow.keys()].sort((a, b) => a - b);
  const positions: number[] = [];
  const starts: number[] = [];
  const firstChunks: number[] = [0];
  for (const row of used) {
    const group = byRow.get(row)!;
    for (let at = 0; at < group.length; at += CHUNK_POSITIONS) starts.push(positions.length + at);
    for (const position of group) positions.push(position);
    firstChunks.push(starts.length);
  }
  starts.push(positions.length);
  return {
    count: ids.length,
    positions: Uint32Array.from(positions),
    starts: Uint32Array.from(starts),
    tableRows: Uint32Array.from(used),
    firstChunks: Uint32Array.from(firstChunks),
  };
}

/**
 * Gradient of an embedding lookup with respect to the table.
 *
 * Inputs: the four arrays of {@link Lookups} (`positions`, `starts`, `table_rows`, `first_chunks`, uint32) and `upstream`
 * [positions, columns] float32. Output `gradient` [table rows, columns], cleared first, written only where a row was used.
 *
 * Two passes; sums in a fixed order, without atomics, so that training repeats to the bit.
 *
 * @throws KernelError where nothing was looked up, or a buffer is over the binding limit
 */
export const embeddingGradient: Kernel<EmbeddingGradientShape> = {
  name: "embedding_gradient",

  plan({ lookups, tableRows, columns }, limits) {
    const name = "embedding_gradient";
    requireSize(name, "tableRows", tableRows);
    requireSize(name, "columns", columns);
    requireSize(name, "the number of used rows", lookups.tableRows.length);
    const chunkCount = lookups.starts.length - 1;
    const usedRows = lookups.tableRows.length;
    const bytes = { upstream: lookups.count * columns * 4, gradient: tableRows * columns * 4 };
    requireBindable(name, "upstream", bytes.upstream, limits);
    requireBindable(name, "gradient", bytes.gradient, limits);
    return {
      kernel: name,
      inputs: [
        { name: "positions", bytes: lookups.positions.byteLength },
        { name: "starts", bytes: lookups.starts.byteLength },
        { name: "table_rows", bytes: lookups.tableRows.byteLength },
        { name: "first_chunks", bytes: lookups.firstChunks.byteLength },
        { name: "upstream", bytes: bytes.upstream },
      ],
      outputs: [{ name: "gradient", bytes: bytes.gradient, cleared: true }],
      scratch: [{ name: "sums", bytes: chunkCount * columns * 4 }],
      dispatches: [
        {
          shader: chunks,
          bindings: [{ buffer: "positions" }, { buffer: "starts" }, { buffer: "upstream" }, { buffer: "sums" }],
          uniforms: [u32(chunkCount), u32(columns)],
          groups: groupsFor(name, chunkCount * columns, 64, limits),
        },
        {
          shader: rows,
          bindings: [{ buffer: "table_rows" }, { buffer: "first_chunks" }, { buffer: "sums" }, { buffer: "gradient" }],
          uniforms: [u32(usedRows), u32(columns)],
          groups: groupsFor(name, usedRows * columns, 64, limits),
        },
      ],
    };
  },
};
