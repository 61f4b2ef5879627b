import { type Tensor2D, topk } from "@tensorflow/tfjs-core";
import { topK as kernel } from "../../../kernels/top_k/top_k.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

export interface TopKTensors {
  /** [rows, k] float32. */
  readonly values: Tensor2D;
  /** [rows, k] int32. */
  readonly indices: Tensor2D;
}

/** The k highest of each row of values [rows, columns], highest first, of equal ones the lower index first. Not differentiable. */
export function topK(values: Tensor2D, k: number): TopKTensors {
  const backend = currentBackend();
  if (!backend) return topKComposed(values, k);
  const [rows, columns] = values.shape;
  const plan = kernel.plan({ rows, columns, k }, backend.gpu.device.limits);
  const [best, indices] = runPlan(backend, plan, { values }, [
    { name: "best", shape: [rows, k] },
    { name: "indices", shape: [rows, k], dtype: "int32" },
  ]);
  return { values: best as Tensor2D, indices: indices as Tensor2D };
}

/** The same of stock operations. */
export function topKComposed(values: Tensor2D, k: number): TopKTensors {
  return topk(values, k);
}
