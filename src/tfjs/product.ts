import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { matmul, type MatmulShape } from "../../kernels/matmul/matmul.ts";
import type { PupilBackend, TensorRange } from "./backend.ts";
import { variantFor } from "./product_variants.ts";
import { runPlan } from "./run_plan.ts";

/** A matrix, stored either way, by its stride in elements; batch strides where there are several. */
export interface ProductFactor {
  readonly transposed: boolean;
  readonly stride: number;
  readonly batchStrides?: readonly [number, number];
}

/** As a {@link MatmulShape}, with a dense result unless it says otherwise. */
export interface ProductShape extends Omit<MatmulShape, "a" | "b" | "result" | "bias" | "variant"> {
  readonly a: ProductFactor;
  readonly b: ProductFactor;
  readonly result?: MatmulShape["result"];
}

type Given = TensorInfo | TensorRange;

/**
 * A matrix product of tensors, by the variant that is fastest here. Not recorded on the tape.
 *
 * @param into the shape of a new tensor; or what of a tensor that there is takes the result, which is then given back
 */
export function product(
  backend: PupilBackend,
  shape: ProductShape,
  inputs: { readonly a: Given; readonly b: Given; readonly bias?: Given },
  into: readonly number[] | (TensorRange & { readonly tensor: Tensor }),
): Tensor {
  const { m, n, batch: [, inner] = [1, 1] } = shape;
  const full: MatmulShape = {
    ...shape,
    a: { batchStrides: [0, 0], ...shape.a },
    b: { batchStrides: [0, 0], ...shape.b },
    result: shape.result ?? { stride: n, batchStrides: [inner * m * n, m * n] },
    bias: inputs.bias !== undefined,
  };
  const variant = variantFor(backend.gpu, full);
  const plan = matmul.plan({ ...full, variant }, backend.gpu.device.limits);
  if (!("tensor" in into)) return runPlan(backend, plan, { ...inputs }, [{ name: "result", shape: [...into] }])[0]!;
  runPlan(backend, plan, { ...inputs, result: into }, []);
  return into.tensor;
}
