import { add, customGrad, gather, reshape, type Tensor, tensor, unsortedSegmentSum } from "@tensorflow/tfjs-core";
import { embeddingGradient, groupLookups } from "../../../kernels/embedding_gradient/embedding_gradient.ts";
import { embeddingLookup, packIds } from "../../../kernels/embedding_lookup/embedding_lookup.ts";
import type { PupilBackend } from "../backend.ts";
import { filledIntegers } from "../integers.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/** Which rows of a table are looked up, known to the CPU, where they are grouped for the backward pass. */
export interface EmbeddingIds {
  readonly values: Int32Array;
  readonly shape: readonly number[];
  /** The row that gets no gradient, such as padding's. */
  readonly ignored?: number;
}

/** A table [rows, columns] and what is looked up in it. */
export interface EmbeddingLookup {
  readonly table: Tensor;
  readonly ids: EmbeddingIds;
}

/** Looks up rows of a table [rows, columns]: [...ids.shape, columns]. The gradient sums in a fixed order. */
export function embedding(table: Tensor, ids: EmbeddingIds): Tensor {
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
  const operation = (...given: unknown[]) => {
    const tables = given.slice(0, lookups.length) as Tensor[];
    const gradFunc = (upstream: Tensor) =>
      tables.map((table, index) => gradientOf(backend, table.shape, lookups[index]!.ids, upstream));
    return { value: lookUpAll(backend, tables, lookups), gradFunc };
  };
  return customGrad(operation as never)(...lookups.map(({ table }) => table));
}

/** {@link embedding} of stock operations; on a GPU their gradient adds with float atomics, in no fixed order. */
export function embeddingComposed(table: Tensor, ids: EmbeddingIds): Tensor {
  const [tableRows, columns] = table.shape as [number, number];
  return customGrad((rows) => {
    const value = gather(rows as Tensor, tensor(ids.values, [...ids.shape], "int32"));
    const gradFunc = (upstream: Tensor) => {
      // A negative segment is dropped.
      const segments = ids.values.map((id) => (id === ids.ignored ? -1 : id));
      const flat = reshape(upstream, [ids.values.length, columns]);
      return unsortedSegmentSum(flat, tensor(segments, [segments.length], "int32") as never, tableRows);
    };
    return { value, gradFunc };
  })(table);
}

/** {@link embeddingSum} of stock operations. */
export function embeddingSumComposed(lookups: readonly EmbeddingLookup[]): Tensor {
  requireAlike(lookups);
  return lookups.map(({ table, ids }) => embeddingComposed(table, ids)).reduce((sum, each) => add(sum, each));
}

function lookUpAll(backend: PupilBackend, tables: readonly Tensor[], lookups: readonly EmbeddingLookup[]): Tensor {
  const { shape, values } = lookups[0]!.ids;
  const columns = tables[0]!.shape[1]!;
  const tableRows = tables.map((table) => table.shape[0]!);
  const plan = embeddingLookup.plan({ positions: values.length, columns, tableRows }, backend.gpu.device.limits);
  const ids = packIds(lookups.map(({ ids }, index) => ({ ids: ids.values, tableRows: tableRows[index]! })));
  const inputs = Object.fromEntries(tables.map((table, index) => [`table_${index}`, table]));
  return runPlan(backend, plan, { ...inputs, ids: filledIntegers(ids) }, [{
    name: "result",
    shape: [...shape, columns],
  }])[0]!;
}

function gradientOf(
  backend: PupilBackend,
  shape: readonly number[],
  { values, ignored }: EmbeddingIds,
  upstream: Tensor,
): Tensor {
  const [tableRows, columns] = shape as [number, number];
  const lookups = groupLookups(values, tableRows, ignored);
  const plan = embeddingGradient.plan({ lookups, tableRows, columns }, backend.gpu.device.limits);
  const inputs = { lookups: filledIntegers(lookups.words), upstream };
  return runPlan(backend, plan, inputs, [{ name: "gradient", shape: [tableRows, columns] }])[0]!;
}

function requireAlike(lookups: readonly EmbeddingLookup[]): void {
  const [first] = lookups;
  if (!first) throw new RangeError("there is no table to look anything up in");
  for (const { table, ids } of lookups) {
    if (table.shape[1] !== first.table.shape[1] || String(ids.shape) !== String(first.ids.shape)) {
      throw new RangeError(
        `ids [${ids.shape}] of a table [${table.shape}] do not add to ids [${first.ids.shape}] of a table [${first.table.shape}]`,
      );
    }
  }
}
