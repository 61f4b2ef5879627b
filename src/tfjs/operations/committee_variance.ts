import { mean, mul, scalar, square, stack, sub, sum, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { committeeVariance as kernel } from "../../../kernels/committee/committee_variance.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/**
 * Mean and sample variance over the members of their predictions [members, rows] of a number, from two members on: [rows, 2]. Not
 * differentiable.
 */
export function committeeVariance(predictions: Tensor2D): Tensor2D {
  const backend = currentBackend();
  if (!backend) return committeeVarianceComposed(predictions);
  const [members, rows] = predictions.shape;
  const plan = kernel.plan({ members, rows }, backend.gpu.device.limits);
  return runPlan(backend, plan, { predictions }, [{ name: "stats", shape: [rows, 2] }])[0] as Tensor2D;
}

/** The same of stock operations. */
export function committeeVarianceComposed(predictions: Tensor2D): Tensor2D {
  return tidy(() => {
    const centre = mean(predictions, 0);
    const squares = sum(square(sub(predictions, centre)), 0);
    return stack([centre, mul(squares, scalar(1 / (predictions.shape[0] - 1)))], 1) as Tensor2D;
  });
}
