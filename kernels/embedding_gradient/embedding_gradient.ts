import { groupsFor, type Kernel, KernelError, requireBindable, requireSize, u32 } from "../../src/gpu/kernel.ts";
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
  readonly tableRows: number;
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
 * rows, columns], written where a row is listed; cleared first where not all are.
 *
 * Two passes; sums in a fixed order, without atomics, so that training repeats to the bit.
 *
 * @throws KernelError where a buffer is over the binding limit
 */
export const embeddingGradient: Kernel<EmbeddingGradientShape> = {
  name: "embedding_gradient",

  plan({ lookups, tableRows, columns }, limits) {
    const name = "embedding_gradient";
    requireSize(name, "tableRows", tableRows);
    requireSize(name, "columns", columns);
    requireSize(name, "the number of positions", lookups.count);
    const chunkCount = lookups.starts.length - 1;
    const listed = lookups.tableRows.length;
    const bytes = { upstream: lookups.count * columns * 4, gradient: tableRows * columns * 4 };
    requireBindable(name, "upstream", bytes.upstream, limits);
    requireBindable(name, "gradient", bytes.gradient, limits);
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
    const rows = {
      shader: rowsOf[perThread],
      bindings: [{ buffer: "lookups" }, { buffer: "sums" }, { buffer: "gradient" }],
      uniforms: [u32(listed), u32(width), u32(rowsAt), u32(rowsAt + listed)],
      groups: groupsFor(name, listed * width, 64, limits),
    };
    return {
      kernel: name,
      inputs: [
        { name: "lookups", bytes: lookups.words.byteLength },
        { name: "upstream", bytes: bytes.upstream },
      ],
      outputs: [{ name: "gradient", bytes: bytes.gradient, ...(listed < tableRows ? { cleared: true } : {}) }],
      scratch: [{ name: "sums", bytes: Math.max(1, chunkCount) * columns * 4 }],
      dispatches: chunkCount > 0 ? [chunks, rows] : [rows],
    };
  },
};
