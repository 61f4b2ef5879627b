import { type KernelFunc, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmHeap } from "./wasm_heap.ts";

/**
 * A product of matrices for the wasm backend, whose fast path takes one matrix a side and none transposed: else it is four to ten
 * times slower. Here transposed factors are laid out first, and of several matrices each pair is a product of its own, on slices that
 * are known to the compiled kernels for so long.
 *
 * Those keep what they have prepared of a right factor until it is disposed of, even where its values change; a slice is disposed of at
 * once.
 */
export function slicedProduct(transpose: KernelFunc, stock: KernelFunc): KernelFunc {
  return (params) => {
    const heap = params.backend as WasmHeap;
    const { a, b } = params.inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = params.attrs as { transposeA: boolean; transposeB: boolean };
    const outer = a.shape.slice(0, -2);
    if (!util.arraysEqual(outer, b.shape.slice(0, -2))) return stock(params);
    const laidOut = (x: TensorInfo) => {
      const axes = x.shape.map((_, axis) => axis);
      const [rows, columns] = axes.splice(-2) as [number, number];
      return transpose({ inputs: { x }, backend: heap, attrs: { perm: [...axes, columns, rows] } }) as TensorInfo;
    };
    const left = transposeA ? laidOut(a) : a;
    const right = transposeB ? laidOut(b) : b;
    const [rows, inner] = left.shape.slice(-2) as [number, number];
    const columns = right.shape.at(-1)!;
    const result = heap.makeOutput([...outer, rows, columns], "float32");
    multiply(heap, { left, right, result, count: util.sizeFromShape(outer), rows, inner, columns });
    if (transposeA) heap.disposeData(left.dataId);
    if (transposeB) heap.disposeData(right.dataId);
    return result;
  };
}

interface Products {
  readonly left: TensorInfo;
  readonly right: TensorInfo;
  readonly result: TensorInfo;
  /** How many matrices each is. */
  readonly count: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

function multiply(heap: WasmHeap, { left, right, result, count, rows, inner, columns }: Products): void {
  const { wasm } = heap;
  const [a, b, c] = [heap.dataIdNextNumber++, heap.dataIdNextNumber++, heap.dataIdNextNumber++] as const;
  const startOf = ({ dataId }: TensorInfo) => heap.dataIdMap.get(dataId).memoryOffset;
  const starts = [startOf(left), startOf(right), startOf(result)] as const;
  const shapes = wasm._malloc(24);
  wasm.HEAPU32.set([1, rows, inner, 1, inner, columns], shapes / 4);
  for (let index = 0; index < count; index++) {
    wasm._register_tensor(a, rows * inner, starts[0] + 4 * index * rows * inner);
    wasm._register_tensor(b, inner * columns, starts[1] + 4 * index * inner * columns);
    wasm._register_tensor(c, rows * columns, starts[2] + 4 * index * rows * columns);
    wasm._BatchMatMul(a, shapes, 3, b, shapes + 12, 3, 0, 0, c);
    for (const id of [a, b, c]) wasm._dispose_data(id);
  }
  wasm._free(shapes);
}
