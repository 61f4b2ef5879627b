import { add, concat, customGrad, gather, reshape, Tensor, tensor, unsortedSegmentSum } from "@tensorflow/tfjs-core";
import { embeddingGradient, groupLookups } from "../../../kernels/embedding_gradient/embedding_gradient.ts";
import { embeddingLookup, packIds } from "../../../kernels/embedding_lookup/embedding_lookup.ts";
import type { PupilBackend } from "../backend.ts";
import { partBuffer } from "../../gpu/tiling.ts";
import { filledIntegers } from "../integers.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";
import { partsOf, rowsOf, type Table } from "../table.ts";

/** Which rows of a table are looked up, known to the CPU, where they are grouped for the backward pass. */
export interface EmbeddingIds {
  readonly values: Int32Array;
  readonly shape: readonly number[];
  /** The row that gets no gradient, such as padding's. */
  readonly ignored?: number;
}

/** A table [rows, columns] and what is looked up in it. */
export interface EmbeddingLookup {
  readonly table: Tensor | Table;
  readonly ids: EmbeddingIds;
}

/** Looks up rows of a table [rows, columns]: [...ids.shape, columns]. The gradient sums in a fixed order. */
export function embedding(table: Tensor | Table, ids: EmbeddingIds): Tensor {
  return embeddingSum([{ table, ids }]);
}

/**
 * The sum of one to three lookups, in their order, in tables of one width by ids of one shape: [...ids.shape, columns]. The
 * gradients sum in a fixed order.
 *
 * @throws RangeError where widths or shapes differ
 * @throws KernelError where an id is outside its table, or there are more than three
 */
export function embeddingSum(lookups: readonly EmbeddingLookup[]): Tensor {
  requireAlike(lookups);
  const backend = currentBackend();
  if (!backend) return embeddingSumComposed(lookups);
  const tables = lookups.map(({ table }) => partsIn(table));
  const operation = () => {
    const gradFunc = (upstream: Tensor) =>
      tables.flatMap((table, index) => gradientOf(backend, table, lookups[index]!.ids, upstream));
    return { value: lookUpAll(backend, tables, lookups), gradFunc };
  };
  return customGrad(operation as never)(...tables.flat());
}

/** {@link embedding} of stock operations; on a GPU their gradient adds with float atomics, in no fixed order. */
export function embeddingComposed(table: Tensor | Table, ids: EmbeddingIds): Tensor {
  const parts = partsIn(table);
  const columns = parts[0]!.shape[1]!;
  const operation = () => {
    const rows = parts.length === 1 ? parts[0]! : concat([...parts], 0);
    const value = gather(rows, tensor(ids.values, [...ids.shape], "int32"));
    const gradFunc = (upstream: Tensor) =>
      partsOf(parts).map(({ part, firstRow }) => {
        // A segment outside of the part is dropped; a negative one always is.
        const rowOf = (id: number) => id === ids.ignored || id >= firstRow + part.shape[0]! ? -1 : id - firstRow;
        const segments = ids.values.map(rowOf);
        const flat = reshape(upstream, [ids.values.length, columns]);
        return unsortedSegmentSum(flat, tensor(segments, [segments.length], "int32") as never, part.shape[0]!);
      });
    return { value, gradFunc };
  };
  return customGrad(operation as never)(...parts);
}

/** {@link embeddingSum} of stock operations. */
export function embeddingSumComposed(lookups: readonly EmbeddingLookup[]): Tensor {
  requireAlike(lookups);
  return lookups.map(({ table, ids }) => embeddingComposed(table, ids)).reduce((sum, each) => add(sum, each));
}

function lookUpAll(backend: PupilBackend, tables: readonly Table[], lookups: readonly EmbeddingLookup[]): Tensor {
  const { shape, values } = lookups[0]!.ids;
  const columns = tables[0]![0]!.shape[1]!;
  const tableRows = tables.map((table) => table.map((part) => part.shape[0]!));
  const plan = embeddingLookup.plan({ positions: values.length, columns, tableRows }, backend.gpu.device.limits);
  const ids = packIds(lookups.map(({ ids }, index) => ({ ids: ids.values, tableRows: rowsOf(tables[index]!) })));
  const inputs = Object.fromEntries(
    tables.flatMap((table, index) => table.map((part, number) => [partBuffer(`table_${index}`, number), part])),
  );
  return runPlan(backend, plan, { ...inputs, ids: filledIntegers(ids) }, [{
    name: "result",
    shape: [...shape, columns],
  }])[0]!;
}

/** That of each part. */
function gradientOf(
  backend: PupilBackend,
  table: Table,
  { values, ignored }: EmbeddingIds,
  upstream: Tensor,
): Tensor[] {
  const columns = table[0]!.shape[1]!;
  const lookups = groupLookups(values, rowsOf(table), ignored);
  const tableRows = table.map((part) => part.shape[0]!);
  const plan = embeddingGradient.plan({ lookups, tableRows, columns }, backend.gpu.device.limits);
  const inputs = { lookups: filledIntegers(lookups.words), upstream };
  return runPlan(
    backend,
    plan,
    inputs,
    tableRows.map((rows, part) => ({ name: partBuffer("gradient", part), shape: [rows, columns] })),
  );
}

function partsIn(table: Tensor | Table): Table {
  return table instanceof Tensor ? [table] : table;
}

function requireAlike(lookups: readonly EmbeddingLookup[]): void {
  const [first] = lookups;
  if (!first) throw new RangeError("there is no table to look anything up in");
  const shapeOf = ({ table }: EmbeddingLookup) => [rowsOf(partsIn(table)), partsIn(table)[0]?.shape[1]];
  for (const each of lookups) {
    const { ids } = each;
    if (shapeOf(each)[1] !== shapeOf(first)[1] || String(ids.shape) !== String(first.ids.shape)) {
      throw new RangeError(
        `ids [${ids.shape}] of a table [${shapeOf(each)}] do not add to ids [${first.ids.shape}] of a table [${
          shapeOf(first)
        }]`,
      );
    }
  }
}
