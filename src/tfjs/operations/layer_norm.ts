import {
  add,
  customGrad,
  engine,
  matMul,
  mean,
  mul,
  ones,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { layerNorm as kernel } from "../../../kernels/layer_norm/layer_norm.ts";
import { layerNormGradient } from "../../../kernels/layer_norm/layer_norm_gradient.ts";
import { constant } from "../constants.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/** Layer normalisation over the last axis: (x - mean) / sqrt(variance + epsilon) * scale + shift. Ba et al., 2016. */
export function layerNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  const backend = currentBackend();
  if (!backend) return layerNormComposed(x, scale, shift, epsilon);
  const columns = x.shape.at(-1)!;
  const rows = x.size / columns;
  const { limits } = backend.gpu.device;
  const keeps = isRecorded();
  const plan = kernel.plan({ rows, columns, epsilon, keeps }, limits);
  const outputs = [{ name: "result", shape: x.shape }, ...(keeps ? [{ name: "moments", shape: [rows, 3] }] : [])];
  if (!keeps) return runPlan(backend, plan, { values: x, scale, shift }, outputs)[0]!;
  return customGrad((input, gamma, beta, save) => {
    const [values, scales, shifts] = [input, gamma, beta] as [Tensor, Tensor, Tensor];
    const [result, moments] = runPlan(backend, plan, { values, scale: scales, shift: shifts }, outputs);
    (save as unknown as (tensors: Tensor[]) => void)([values, moments!, scales]);
    const gradFunc = (upstream: Tensor, saved: Tensor[]) => {
      const [kept, ownMoments, ownScale] = saved as [Tensor, Tensor, Tensor];
      return runPlan(
        backend,
        layerNormGradient.plan({ rows, columns }, limits),
        { values: kept, moments: ownMoments, scale: ownScale, upstream },
        [
          { name: "gradient", shape: kept.shape },
          { name: "scale_gradient", shape: [columns] },
          { name: "shift_gradient", shape: [columns] },
        ],
      );
    };
    return { value: result!, gradFunc };
  })(x, scale, shift);
}

/** {@link layerNorm} of stock operations. */
export function layerNormComposed(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  return customGrad((input, gamma, beta, save) => {
    const [values, scales, shifts] = [input, gamma, beta] as Tensor[];
    const centred = sub(values!, mean(values!, -1, true));
    const inverse = rsqrt(add(mean(square(centred), -1, true), constant(epsilon)));
    const normal = mul(centred, inverse);
    (save as unknown as (tensors: Tensor[]) => void)([normal, inverse, scales!]);
    const gradFunc = (upstream: Tensor, [y, r, g]: Tensor[]) => {
      const dy = mul(upstream, g!);
      const projection = mul(y!, mean(mul(dy, y!), -1, true));
      const dx = mul(sub(sub(dy, mean(dy, -1, true)), projection), r!);
      return [dx, sumOverRows(mul(upstream, y!)), sumOverRows(upstream)];
    };
    return { value: add(mul(normal, scales!), shifts!), gradFunc };
  })(x, scale, shift);
}

/** Whether what runs now is recorded for a gradient: a kernel need keep nothing for one where it is not. */
export function isRecorded(): boolean {
  const { gradientDepth, kernelDepth } = engine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}

/** The sum over all axes but the last, as a product, which is the fastest of the stock ways to it. */
export function sumOverRows(values: Tensor): Tensor {
  const columns = values.shape.at(-1)!;
  const rows = values.size / columns;
  return reshape(matMul(ones([1, rows]), reshape(values, [rows, columns])), [columns]);
}
