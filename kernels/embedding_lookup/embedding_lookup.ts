import {
  type BufferSpec,
  type Dispatch,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  requireBindable,
  requireSize,
  u32,
} from "../../src/gpu/kernel.ts";
import { partBuffer, rowTiles, type Tile, tileOf } from "../../src/gpu/tiling.ts";
import wordsCode from "./embedding_lookup.wgsl" with { type: "text" };
import partWordsCode from "./embedding_lookup_part.wgsl" with { type: "text" };
import partVectorsCode from "./embedding_lookup_part_vectors.wgsl" with { type: "text" };
import vectorsCode from "./embedding_lookup_vectors.wgsl" with { type: "text" };

export interface EmbeddingLookupShape {
  /** How many rows are looked up in each table. */
  readonly positions: number;
  readonly columns: number;
  /** The rows of each table, or of each part of one that lies in several; one to {@link MOST_TABLES} tables. */
  readonly tableRows: readonly (number | readonly number[])[];
}

/** Tables that are added at once. */
const MOST_TABLES = 3;

const wholeOf = {
  1: { label: "embedding_lookup", code: wordsCode },
  4: { label: "embedding_lookup_vectors", code: vectorsCode },
};
const partOf = {
  1: { label: "embedding_lookup_part", code: partWordsCode },
  4: { label: "embedding_lookup_part_vectors", code: partVectorsCode },
};

/**
 * The sum of the rows that each position looks up in one to three tables of one width, such as a token's, a position's and a
 * segment's embedding.
 *
 * Inputs: `table_0`, `table_1`, `table_2` float32 [table rows, columns], as many as there are, and `ids` uint32 [tables, positions],
 * from {@link packIds}. Output `result` [positions, columns]. Each table must fit one binding; positions are tiled.
 *
 * A larger table is cut by rows into parts that fit: `table_0`, `table_0_1`, `table_0_2` and so on. Then there is a dispatch for each
 * part of each table, and the sums have the same bits.
 *
 * @throws KernelError where there is no table or more than three, or a table, or a part, is over the binding limit
 */
export const embeddingLookup: Kernel<EmbeddingLookupShape> = {
  name: "embedding_lookup",

  plan({ positions, columns, tableRows }, limits) {
    const name = "embedding_lookup";
    requireSize(name, "positions", positions);
    requireSize(name, "columns", columns);
    const tables = tableRows.length;
    if (tables < 1 || tables > MOST_TABLES) {
      throw new KernelError(name, `${tables} tables were given; it takes 1 to ${MOST_TABLES}`);
    }
    const parts = tableRows.map((rows) => (typeof rows === "number" ? [rows] : rows));
    const inputs = parts.flatMap((rows, table) => inputsOf(rows, table, columns, limits));
    requireBindable(name, "ids", tables * positions * 4, limits);
    const dispatchesOf = parts.some(({ length }) => length > 1) ? lookUpParts : lookUpWhole;
    return {
      kernel: name,
      inputs: [...inputs, { name: "ids", bytes: tables * positions * 4 }],
      outputs: [{ name: "result", bytes: positions * columns * 4 }],
      scratch: [],
      dispatches: rowTiles(name, positions, [columns * 4], limits).flatMap((tile) =>
        dispatchesOf(tile, positions, columns, parts, limits)
      ),
    };
  },
};

function inputsOf(parts: readonly number[], table: number, columns: number, limits: KernelLimits): BufferSpec[] {
  requireSize("embedding_lookup", `the number of parts of table ${table}`, parts.length);
  return parts.map((rows, part) => {
    const which = parts.length === 1 ? `table ${table}` : `part ${part} of table ${table}`;
    requireSize("embedding_lookup", `the number of rows of ${which}`, rows);
    requireBindable("embedding_lookup", which, rows * columns * 4, limits);
    return { name: partBuffer(`table_${table}`, part), bytes: rows * columns * 4 };
  });
}

function lookUpWhole(
  tile: Tile,
  positions: number,
  columns: number,
  { length: tables }: readonly (readonly number[])[],
  limits: KernelLimits,
): Dispatch[] {
  const perThread = columns % 4 === 0 ? 4 : 1;
  const width = columns / perThread;
  return [{
    shader: wholeOf[perThread],
    constants: { TABLES: tables },
    bindings: [
      ...Array.from({ length: MOST_TABLES }, (_, table) => ({ buffer: `table_${table < tables ? table : 0}` })),
      { buffer: "ids" },
      tileOf("result", tile, columns * 4),
    ],
    uniforms: [u32(tile.rows), u32(width), u32(tile.first), u32(positions)],
    groups: groupsFor("embedding_lookup", tile.rows * width, 64, limits),
  }];
}

/** Table after table, so that each position adds in their order. */
function lookUpParts(
  tile: Tile,
  positions: number,
  columns: number,
  tables: readonly (readonly number[])[],
  limits: KernelLimits,
): Dispatch[] {
  const perThread = columns % 4 === 0 ? 4 : 1;
  const width = columns / perThread;
  return tables.flatMap((parts, table) => {
    let firstRow = 0;
    return parts.map((rows, part): Dispatch => {
      const begin = firstRow;
      firstRow += rows;
      return {
        shader: partOf[perThread],
        constants: { ADDS: table === 0 ? 0 : 1 },
        bindings: [
          { buffer: partBuffer(`table_${table}`, part) },
          { buffer: "ids" },
          tileOf("result", tile, columns * 4),
        ],
        uniforms: [tile.rows, width, table * positions + tile.first, begin, rows].map(u32),
        groups: groupsFor("embedding_lookup", tile.rows * width, 64, limits),
      };
    });
  });
}

/**
 * The ids of all tables as {@link embeddingLookup} takes them, checked.
 *
 * @throws KernelError where an id is outside its table, or tables differ in the number of ids
 */
export function packIds(
  lookups: readonly { readonly ids: ArrayLike<number>; readonly tableRows: number }[],
): Uint32Array {
  const positions = lookups[0]?.ids.length ?? 0;
  const packed = new Uint32Array(lookups.length * positions);
  lookups.forEach(({ ids, tableRows }, table) => {
    if (ids.length !== positions) {
      throw new KernelError("embedding_lookup", `table ${table} has ${ids.length} ids; table 0 has ${positions}`);
    }
    for (let position = 0; position < positions; position++) {
      const id = ids[position]!;
      if (!Number.isInteger(id) || id < 0 || id >= tableRows) {
        throw new KernelError(
          "embedding_lookup",
          `id ${id} at position ${position} is outside a table of ${tableRows} rows`,
        );
      }
      packed[table * positions + position] = id;
    }
  });
  return packed;
}
