import { groupsFor, type Kernel, KernelError, requireBindable, requireSize, u32 } from "../../src/gpu/kernel.ts";
import { partBuffer } from "../../src/gpu/tiling.ts";
import chunksCode from "./embedding_gradient_chunks.wgsl" with { type: "text" };
import chunksVectorsCode from "./embedding_gradient_chunks_vectors.wgsl" with { type: "text" };
import rowsCode from "./embedding_gradient_rows.wgsl" with { type: "text" };
import rowsVectorsCode from "./embedding_gradient_rows_vectors.wgsl" with { type: "text" };

/** Which positions looked up which row: what the kernel is given in place of the ids. */
export interface Lookups {
  /** How many positions there are in all, those ignored included. */
  readonly count: number;
  /** The four arrays below, one after the other, as the kernel takes them. */
  readonly words: Uint32Array;
  /** Positions, grouped by row. */
  readonly positions: Uint32Array;
  /** Where each chunk begins among them, and where the last ends. */
  readonly starts: Uint32Array;
  /** The rows that get a value: those used, or all of a small table. */
  readonly tableRows: Uint32Array;
  /** The first chunk of each of these rows, and where the last one's end. */
  readonly firstChunks: Uint32Array;
}

export interface EmbeddingGradientShape {
  readonly lookups: Lookups;
  /** The rows of the table, or of each of its parts where it lies in several. */
  readonly tableRows: number | readonly number[];
  readonly columns: number;
}

const CHUNK_POSITIONS = 32;
/** All rows of a table up to this size are written: clearing it would cost more, since that ends the compute pass. */
const SMALL_TABLE_ROWS = 1024;

const chunksOf = {
  1: { label: "embedding_gradient_chunks", code: chunksCode },
  4: { label: "embedding_gradient_chunks_vectors", code: chunksVectorsCode },
};
const rowsOf = {
  1: { label: "embedding_gradient_rows", code: rowsCode },
  4: { label: "embedding_gradient_rows_vectors", code: rowsVectorsCode },
};

/**
 * Groups positions by the id that they looked up, in ascending order of both, in chunks of at most 32, by counting.
 *
 * `ignoredId`, such as that of padding, gives its row no gradient.
 *
 * @throws KernelError where an id is outside the table
 */
export function groupLookups(ids: ArrayLike<number>, tableRows: number, ignoredId?: number): Lookups {
  const { counts, used } = countsOf(ids, tableRows, ignoredId);
  const listed = listedRows(used, tableRows);
  let kept = 0;
  let chunkCount = 0;
  for (let index = 0; index < listed.length; index++) {
    const count = counts[listed[index]!]!;
    kept += count;
    chunkCount += Math.ceil(count / CHUNK_POSITIONS);
  }
  const words = new Uint32Array(kept + chunkCount + 1 + 2 * listed.length + 1);
  let end = 0;
  const take = (length: number) => words.subarray(end, end += length);
  const positions = take(kept);
  const starts = take(chunkCount + 1);
  const rows = take(listed.length);
  const firstChunks = take(listed.length + 1);
  rows.set(listed);
  let chunk = 0;
  let start = 0;
  for (let index = 0; index < listed.length; index++) {
    const row = listed[index]!;
    const count = counts[row]!;
    for (let at = 0; at < count; at += CHUNK_POSITIONS) starts[chunk++] = start + at;
    firstChunks[index + 1] = chunk;
    // From here on: where the row's next position goes.
    counts[row] = start;
    start += count;
  }
  starts[chunk] = kept;
  for (let position = 0; position < ids.length; position++) {
    const id = ids[position]!;
    if (id !== ignoredId) positions[counts[id]!++] = position;
  }
  return { count: ids.length, words, positions, starts, tableRows: rows, firstChunks };
}

/** How often each row of the table was looked up, and the rows that were, in no order. */
function countsOf(ids: ArrayLike<number>, tableRows: number, ignoredId: number | undefined) {
  const counts = new Uint32Array(tableRows);
  const used = new Uint32Array(ids.length);
  let length = 0;
  for (let position = 0; position < ids.length; position++) {
    const id = ids[position]!;
    if (!Number.isInteger(id) || id < 0 || id >= tableRows) {
      throw new KernelError(
        "embedding_gradient",
        `id ${id} at position ${position} is outside a table of ${tableRows} rows`,
      );
    }
    if (id === ignoredId) continue;
    if (counts[id] === 0) used[length++] = id;
    counts[id]!++;
  }
  return { counts, used: used.subarray(0, length) };
}

/** The rows that get a value, ascending; never none, so that a batch of nothing but padding has a gradient, of zeros. */
function listedRows(used: Uint32Array, tableRows: number): Uint32Array {
  if (tableRows <= SMALL_TABLE_ROWS) return Uint32Array.from({ length: tableRows }, (_, row) => row);
  return used.length > 0 ? used.sort() : new Uint32Array(1);
}

/**
 * Gradient of an embedding lookup with respect to the table.
 *
 * Inputs: `lookups` uint32, the `words` of {@link Lookups}, and `upstream` [positions, columns] float32. Output `gradient` [table
 * rows, columns], written where a row is listed; cleared first where not all are. That of a table in parts, by rows, is in parts as
 * well: `gradient`, `gradient_1`, `gradient_2` and so on, with the same bits.
 *
 * Two passes, the second once a part; sums in a fixed order, without atomics, so that training repeats to the bit.
 *
 * @throws KernelError where a buffer is over the binding limit
 */
export const embeddingGradient: Kernel<EmbeddingGradientShape> = {
  name: "embedding_gradient",

  plan({ lookups, tableRows, columns }, limits) {
    const name = "embedding_gradient";
    const parts = partsOf(tableRows, lookups);
    requireSize(name, "columns", columns);
    requireSize(name, "the number of positions", lookups.count);
    const chunkCount = lookups.starts.length - 1;
    const listed = lookups.tableRows.length;
    const upstreamBytes = lookups.count * columns * 4;
    requireBindable(name, "upstream", upstreamBytes, limits);
    parts.forEach(({ rows }, part) => requireBindable(name, partBuffer("gradient", part), rows * columns * 4, limits));
    const perThread = columns % 4 === 0 ? 4 : 1;
    const width = columns / perThread;
    const startsAt = lookups.positions.length;
    const rowsAt = startsAt + lookups.starts.length;
    const chunks = {
      shader: chunksOf[perThread],
      bindings: [{ buffer: "lookups" }, { buffer: "upstream" }, { buffer: "sums" }],
      uniforms: [u32(chunkCount), u32(width), u32(startsAt)],
      groups: groupsFor(name, chunkCount * width, 64, limits),
    };
    const rows = parts.flatMap(({ firstRow, from, to }, part) =>
      to === from ? [] : [{
        shader: rowsOf[perThread],
        bindings: [{ buffer: "lookups" }, { buffer: "sums" }, { buffer: partBuffer("gradient", part) }],
        uniforms: [to - from, width, rowsAt + from, rowsAt + listed + from, firstRow].map(u32),
        groups: groupsFor(name, (to - from) * width, 64, limits),
      }]
    );
    return {
      kernel: name,
      inputs: [
        { name: "lookups", bytes: lookups.words.byteLength },
        { name: "upstream", bytes: upstreamBytes },
      ],
      outputs: parts.map(({ rows, from, to }, part) => ({
        name: partBuffer("gradient", part),
        bytes: rows * columns * 4,
        ...(to - from < rows ? { cleared: true } : {}),
      })),
      scratch: [{ name: "sums", bytes: Math.max(1, chunkCount) * columns * 4 }],
      dispatches: chunkCount > 0 ? [chunks, ...rows] : rows,
    };
  },
};

/** A part of the table. */
interface TablePart {
  readonly firstRow: number;
  readonly rows: number;
  /** Which of the listed rows lie in it: from this one up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
}

function partsOf(tableRows: number | readonly number[], { tableRows: listed }: Lookups): TablePart[] {
  let firstRow = 0;
  let from = 0;
  return (typeof tableRows === "number" ? [tableRows] : tableRows).map((rows) => {
    requireSize("embedding_gradient", "tableRows", rows);
    let to = from;
    while (to < listed.length && listed[to]! < firstRow + rows) to++;
    const part = { firstRow, rows, from, to };
    firstRow += rows;
    from = to;
    return part;
  });
}
