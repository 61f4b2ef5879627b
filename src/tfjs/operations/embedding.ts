import { customGrad, gather, reshape, type Tensor, tensor, unsortedSegmentSum } from "@tensorflow/tfjs-core";
import { embeddingGradient, groupLookups } from "../../../kernels/embedding_gradient/embedding_gradient.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/** Which rows of a table are looked up, known to the CPU, where they are grouped for the backward pass. */
export interface EmbeddingIds {
  readonly values: Int32Array;
  readonly shape: readonly number[];
  /** The row that gets no gradient, such as padding's. */
  readonly ignored?: number;
}

/** Looks up rows of a table [rows, columns]: [...ids.shape, columns]. The gradient sums in a fixed order. */
export function embedding(table: Tensor, ids: EmbeddingIds): Tensor {
  const backend = currentBackend();
  if (!backend) return embeddingComposed(table, ids);
  const [tableRows, columns] = table.shape as [number, number];
  return customGrad((rows) => {
    const value = lookUp(rows as Tensor, ids);
    const gradFunc = (upstream: Tensor) => {
      const lookups = groupLookups(ids.values, tableRows, ids.ignored);
      const plan = embeddingGradient.plan({ lookups, tableRows, columns }, backend.gpu.device.limits);
      const inputs = {
        positions: integers(lookups.positions),
        starts: integers(lookups.starts),
        table_rows: integers(lookups.tableRows),
        first_chunks: integers(lookups.firstChunks),
        upstream,
      };
      return runPlan(backend, plan, inputs, [{ name: "gradient", shape: [tableRows, columns] }])[0]!;
    };
    return { value, gradFunc };
  })(table);
}

/** The same of stock operations; on a GPU their gradient adds with float atomics, in no fixed order. */
export function embeddingComposed(table: Tensor, ids: EmbeddingIds): Tensor {
  const [tableRows, columns] = table.shape as [number, number];
  return customGrad((rows) => {
    const value = lookUp(rows as Tensor, ids);
    const gradFunc = (upstream: Tensor) => {
      // A negative segment is dropped.
      const segments = ids.values.map((id) => (id === ids.ignored ? -1 : id));
      const flat = reshape(upstream, [ids.values.length, columns]);
      return unsortedSegmentSum(flat, tensor(segments, [segments.length], "int32") as never, tableRows);
    };
    return { value, gradFunc };
  })(table);
}

/** Filled up to a power of two: their number changes from batch to batch, and buffers are reused by size. */
function integers(values: Uint32Array): Tensor {
  const filled = new Int32Array(2 ** Math.ceil(Math.log2(values.length)));
  filled.set(values);
  return tensor(filled, [filled.length], "int32");
}

function lookUp(table: Tensor, { values, shape }: EmbeddingIds): Tensor {
  return gather(table, tensor(values, [...shape], "int32"));
}
