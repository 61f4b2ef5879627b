import { add, customGrad, mean, mul, rsqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { rmsNorm as kernel } from "../../../kernels/layer_norm/layer_norm.ts";
import { rmsNormGradient } from "../../../kernels/layer_norm/layer_norm_gradient.ts";
import { constant } from "../constants.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";
import { isRecorded, sumOverRows } from "./layer_norm.ts";

/** Root mean square normalisation over the last axis: x / sqrt(mean x^2 + epsilon) * scale. Zhang & Sennrich, 2019. */
export function rmsNorm(x: Tensor, scale: Tensor, epsilon: number): Tensor {
  const backend = currentBackend();
  if (!backend) return rmsNormComposed(x, scale, epsilon);
  const columns = x.shape.at(-1)!;
  const rows = x.size / columns;
  const { limits } = backend.gpu.device;
  const keeps = isRecorded();
  const plan = kernel.plan({ rows, columns, epsilon, keeps }, limits);
  const outputs = [{ name: "result", shape: x.shape }, ...(keeps ? [{ name: "moments", shape: [rows, 3] }] : [])];
  if (!keeps) return runPlan(backend, plan, { values: x, scale }, outputs)[0]!;
  return customGrad((input, gamma, save) => {
    const [values, scales] = [input, gamma] as [Tensor, Tensor];
    const [result, moments] = runPlan(backend, plan, { values, scale: scales }, outputs);
    (save as unknown as (tensors: Tensor[]) => void)([values, moments!, scales]);
    const gradFunc = (upstream: Tensor, saved: Tensor[]) => {
      const [kept, ownMoments, ownScale] = saved as [Tensor, Tensor, Tensor];
      return runPlan(
        backend,
        rmsNormGradient.plan({ rows, columns }, limits),
        { values: kept, moments: ownMoments, scale: ownScale, upstream },
        [{ name: "gradient", shape: kept.shape }, { name: "scale_gradient", shape: [columns] }],
      );
    };
    return { value: result!, gradFunc };
  })(x, scale);
}

/** {@link rmsNorm} of stock operations. */
export function rmsNormComposed(x: Tensor, scale: Tensor, epsilon: number): Tensor {
  return customGrad((input, gamma, save) => {
    const [values, scales] = [input, gamma] as Tensor[];
    const inverse = rsqrt(add(mean(square(values!), -1, true), constant(epsilon)));
    const normal = mul(values!, inverse);
    (save as unknown as (tensors: Tensor[]) => void)([normal, inverse, scales!]);
    const gradFunc = (upstream: Tensor, [y, r, g]: Tensor[]) => {
      const dy = mul(upstream, g!);
      const projection = mul(y!, mean(mul(dy, y!), -1, true));
      return [mul(sub(dy, projection), r!), sumOverRows(mul(upstream, y!))];
    };
    return { value: mul(normal, scales!), gradFunc };
  })(x, scale);
}
