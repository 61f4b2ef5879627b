import {
  getKernel,
  type KernelConfig,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
  util,
} from "@tensorflow/tfjs-core";
import { viewsOf, WASM_BACKEND, type WasmHeap } from "./wasm_heap.ts";
import { slicedProduct } from "./wasm_product.ts";

let added = false;

/**
 * Gives the wasm backend what our models need and it lacks, the sum of segments, and faster ways to two kernels that it has: looking up
 * rows, and products of several matrices or of transposed ones.
 */
export function addWasmKernels(): void {
  if (added) return;
  added = true;
  registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: WASM_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
      return segmentSum(backend as WasmHeap, x, segmentIds, attrs!.numSegments as number);
    },
  });
  replace("GatherV2", (stock) => (params) => {
    const { x, indices } = params.inputs as { x: TensorInfo; indices: TensorInfo };
    const { axis, batchDims } = params.attrs as { axis: number; batchDims: number };
    const isRows = axis === 0 && batchDims === 0 && x.dtype === "float32" && indices.dtype === "int32";
    return isRows ? rowsOf(params.backend as WasmHeap, x, indices) : stock(params);
  });
  const transpose = kernelOf("Transpose").kernelFunc;
  replace("BatchMatMul", (stock) => slicedProduct(transpose, stock));
}

/** Sums rows of x by segment, in the order of the rows; those of a negative segment are dropped. [segments, ...the rest of x]. */
function segmentSum(heap: WasmHeap, x: TensorInfo, segmentIds: TensorInfo, segments: number): TensorInfo {
  const result = heap.makeOutput([segments, ...x.shape.slice(segmentIds.shape.length)], "float32");
  const [ids, values, sums] = viewsOf(heap, segmentIds, x, result);
  sums.fill(0);
  const columns = values.length / ids.length;
  for (let row = 0; row < ids.length; row++) {
    if (ids[row]! < 0) continue;
    const from = row * columns;
    const to = ids[row]! * columns;
    for (let column = 0; column < columns; column++) sums[to + column]! += values[from + column]!;
  }
  return result;
}

/** Rows of a table, copied whole. @throws RangeError where an index is outside the table */
function rowsOf(heap: WasmHeap, table: TensorInfo, indices: TensorInfo): TensorInfo {
  const result = heap.makeOutput([...indices.shape, ...table.shape.slice(1)], "float32");
  const [rows, values, copied] = viewsOf(heap, indices, table, result);
  const [tableRows] = table.shape as [number];
  const columns = util.sizeFromShape(table.shape.slice(1));
  rows.forEach((row, index) => {
    if (row < 0 || row >= tableRows) throw new RangeError(`row ${row} is outside a table of ${tableRows}`);
    copied.set(values.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return result;
}

function replace(kernelName: string, by: (stock: KernelFunc) => KernelFunc): void {
  const config = kernelOf(kernelName);
  unregisterKernel(kernelName, WASM_BACKEND);
  registerKernel({ ...config, kernelFunc: by(config.kernelFunc) });
}

function kernelOf(kernelName: string): KernelConfig {
  return getKernel(kernelName, WASM_BACKEND);
}
