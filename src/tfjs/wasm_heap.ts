import { type DataId, engine, type TensorInfo } from "@tensorflow/tfjs-core";

/** A tensor's place in the memory of the wasm backend. */
interface Place {
  /** By which the compiled kernels know it. */
  readonly id: number;
  /** In bytes. */
  readonly memoryOffset: number;
}

/** The private parts of the stock wasm backend that we use, at the version that is pinned; nothing else in Pupil knows of them. */
export interface WasmHeap {
  readonly dataIdMap: { get(dataId: DataId): Place };
  dataIdNextNumber: number;
  makeOutput(shape: readonly number[], dtype: "float32" | "int32"): TensorInfo;
  /** See {@link viewsOf}. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
  readSync(dataId: DataId): Float32Array | Int32Array | Uint8Array;
  read(dataId: DataId): Promise<Float32Array | Int32Array | Uint8Array>;
  disposeData(dataId: DataId): boolean;
  readonly wasm: CompiledKernels;
}

/** What the compiled module exports: all are plain functions of 32-bit integers. */
interface CompiledKernels {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  _malloc(bytes: number): number;
  _free(offset: number): void;
  _register_tensor(id: number, elements: number, offset: number): void;
  _dispose_data(id: number): void;
  /** Shapes by their offsets; `a` and `b` have three axes. */
  _BatchMatMul(
    ...given: [
      ...[a: number, shapeOfA: number, axesOfA: number],
      ...[b: number, shapeOfB: number, axesOfB: number],
      ...[transposeA: number, transposeB: number, result: number],
    ]
  ): void;
}

/** The name under which tfjs keeps the wasm backend. */
export const WASM_BACKEND = "wasm";

/** The wasm backend where it is the current one. */
export function currentHeap(): WasmHeap | undefined {
  const { backendName, backend } = engine();
  return backendName === WASM_BACKEND ? backend as unknown as WasmHeap : undefined;
}

/** The elements of tensors where they lie: good until the next tensor is made, which may move the memory. */
export function viewsOf<T extends readonly TensorInfo[]>(
  heap: WasmHeap,
  ...tensors: T
): { [K in keyof T]: Float32Array | Int32Array | Uint8Array } {
  // A tensor of another backend is brought here by the first look at it, and that makes one.
  for (const { dataId } of tensors) heap.dataIdMap.get(dataId);
  return tensors.map((each) => heap.typedArrayFromHeap(each)) as never;
}
