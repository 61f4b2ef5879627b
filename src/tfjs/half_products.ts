import { customGrad, keep, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import { halfStride, packHalf } from "../../kernels/half/half.ts";
import { type MatmulShape, matmulVariants } from "../../kernels/matmul/matmul.ts";
import { MOST_TEXELS } from "../gpu/kernel.ts";
import type { LinearLayers, PupilBackend } from "./backend.ts";
import { product } from "./product.ts";
import { runPlan } from "./run_plan.ts";

type DataId = TensorInfo["dataId"];

/**
 * Linear layers whose factors are stored as float16, for the passes of one scan; sums are float32. A weight is packed when it is
 * first met, and kept until the scan disposes of this. Weights must not change meanwhile, and nothing has a gradient.
 */
export class HalfProducts implements LinearLayers {
  readonly #weights = new Map<DataId, Tensor>();
  /** What was packed last: query, key and value have one input. */
  #input: { readonly dataId: DataId; readonly columns: number; readonly packed: Tensor } | undefined;
  #products = 0;

  constructor(readonly backend: PupilBackend) {}

  /** How many products were computed so. */
  get products(): number {
    return this.#products;
  }

  /**
   * Runs a forward pass in which linear layers take stored halves, where their sizes allow it. Nothing else sees it, whether the pass
   * fails or not: it ends where `pass` returns, so a pass that waits for anything has no place here.
   */
  during<T extends Tensor>(pass: () => T): T {
    const outer = this.backend.linearLayers;
    this.backend.linearLayers = this;
    try {
      return pass();
    } finally {
      this.backend.linearLayers = outer;
      this.#letGoOfInput();
    }
  }

  /** What `linear` gives then; undefined where the sizes do not allow it. */
  linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor | undefined {
    const [outputs, inputs] = weight.shape as [number, number];
    const shape = shapeOf(x.size / inputs, outputs, inputs);
    if (!shape || matmulVariants(shape).length === 0) return undefined;
    const a = this.#inputOf(x, inputs);
    const b = this.#weightOf(weight);
    this.#products++;
    const value = () =>
      product(this.backend, shape, { a, b, ...(bias ? { bias } : {}) }, [...x.shape.slice(0, -1), outputs]);
    const gradFunc = (): Tensor[] => {
      throw new Error("a product of stored halves has no gradient; training takes float32");
    };
    return customGrad(() => ({ value: value(), gradFunc }))(x, weight, ...(bias ? [bias] : []));
  }

  /** Gives back the packed weights. */
  dispose(): void {
    this.#letGoOfInput();
    for (const packed of this.#weights.values()) packed.dispose();
    this.#weights.clear();
  }

  #weightOf(weight: Tensor): Tensor {
    const known = this.#weights.get(weight.dataId);
    if (known) return known;
    const packed = this.#packed(weight, weight.shape[1]!);
    this.#weights.set(weight.dataId, packed);
    return packed;
  }

  #inputOf(x: Tensor, columns: number): Tensor {
    if (this.#input?.dataId === x.dataId && this.#input.columns === columns) return this.#input.packed;
    this.#letGoOfInput();
    const packed = this.#packed(x, columns);
    this.#input = { dataId: x.dataId, columns, packed };
    return packed;
  }

  #letGoOfInput(): void {
    this.#input?.packed.dispose();
    this.#input = undefined;
  }

  /** Outlives the `tidy` around it. */
  #packed(values: Tensor, columns: number): Tensor {
    const rows = values.size / columns;
    const plan = packHalf.plan({ rows, columns }, this.backend.gpu.device.limits);
    const shape = [rows, halfStride(columns) / 2];
    return keep(runPlan(this.backend, plan, { values }, [{ name: "halves", shape, dtype: "int32" }])[0]!);
  }
}

/**
 * x W^T. More rows than a texture has are several matrices, each of every second row, or third, and so on, which then lie beside each
 * other; undefined where the rows cannot be dealt out evenly.
 */
function shapeOf(rows: number, outputs: number, inputs: number): MatmulShape | undefined {
  const stride = halfStride(inputs);
  const most = Math.floor(MOST_TEXELS / (stride / 4));
  let matrices = Math.ceil(rows / MOST_TEXELS);
  while (rows % matrices !== 0 && matrices < most) matrices++;
  if (rows % matrices !== 0) return undefined;
  return {
    m: rows / matrices,
    n: outputs,
    k: inputs,
    batch: [1, matrices],
    a: { transposed: false, stride: stride * matrices, batchStrides: [0, stride] },
    b: { transposed: true, stride, batchStrides: [0, 0] },
    result: { stride: outputs * matrices, batchStrides: [0, outputs] },
    stored: "float16",
  };
}
