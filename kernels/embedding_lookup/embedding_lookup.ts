import { groupsFor, type Kernel, KernelError, requireBindable, requireSize, u32 } from "../../src/gpu/kernel.ts";
import { rowTiles, tileOf } from "../../src/gpu/tiling.ts";
import wordsCode from "./embedding_lookup.wgsl" with { type: "text" };
import vectorsCode from "./embedding_lookup_vectors.wgsl" with { type: "text" };

export interface EmbeddingLookupShape {
  /** How many rows are looked up in each table. */
  readonly positions: number;
  readonly columns: number;
  /** The rows of each table; one to {@link MOST_TABLES} tables. */
  readonly tableRows: readonly number[];
}

/** Tables that are added at once. */
const MOST_TABLES = 3;

const words = { label: "embedding_lookup", code: wordsCode };
const vectors = { label: "embedding_lookup_vectors", code: vectorsCode };

/**
 * The sum of the rows that each position looks up in one to three tables of one width, such as a token's, a position's and a
 * segment's embedding.
 *
 * Inputs: `table_0`, `table_1`, `table_2` float32 [table rows, columns], as many as there are, and `ids` uint32 [tables, positions],
 * from {@link packIds}. Output `result` [positions, columns]. Each table must fit one binding; positions are tiled.
 *
 * @throws KernelError where there is no table or more than three, or a table is over the binding limit
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
    const inputs = tableRows.map((rows, table) => {
      requireSize(name, `the number of rows of table ${table}`, rows);
      requireBindable(name, `table ${table}`, rows * columns * 4, limits);
      return { name: `table_${table}`, bytes: rows * columns * 4 };
    });
    requireBindable(name, "ids", tables * positions * 4, limits);
    const perThread = columns % 4 === 0 ? 4 : 1;
    const width = columns / perThread;
    return {
      kernel: name,
      inputs: [...inputs, { name: "ids", bytes: tables * positions * 4 }],
      outputs: [{ name: "result", bytes: positions * columns * 4 }],
      scratch: [],
      dispatches: rowTiles(name, positions, [columns * 4], limits).map((tile) => ({
        shader: perThread === 4 ? vectors : words,
        constants: { TABLES: tables },
        bindings: [
          ...Array.from({ length: MOST_TABLES }, (_, table) => ({ buffer: `table_${table < tables ? table : 0}` })),
          { buffer: "ids" },
          tileOf("result", tile, columns * 4),
        ],
        uniforms: [u32(tile.rows), u32(width), u32(tile.first), u32(positions)],
        groups: groupsFor(name, tile.rows * width, 64, limits),
      })),
    };
  },
};

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
