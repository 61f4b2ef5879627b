import { add, clone, customGrad, type Tensor } from "@tensorflow/tfjs-core";
import { residualLayerNorm as kernel } from "../../../kernels/layer_norm/layer_norm.ts";
import { residualLayerNormGradient } from "../../../kernels/layer_norm/layer_norm_gradient.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";
import { type Dropout, dropoutComposed } from "./dropout.ts";
import { isRecorded, layerNormComposed } from "./layer_norm.ts";

/**
 * Layer normalisation over the last axis of residual + dropout(values), as after each half of a BERT layer. `values` and `residual` have
 * the same shape. The mask is that of `dropout` for the same key; without dropout, or at probability 0, there is none.
 */
export function residualLayerNorm(
  values: Tensor,
  residual: Tensor,
  scale: Tensor,
  shift: Tensor,
  epsilon: number,
  dropout?: Dropout,
): Tensor {
  const backend = currentBackend();
  if (!backend) return residualLayerNormComposed(values, residual, scale, shift, epsilon, dropout);
  const columns = values.shape.at(-1)!;
  const rows = values.size / columns;
  const { limits } = backend.gpu.device;
  const keeps = isRecorded();
  const shape = { rows, columns, ...(dropout ? { dropout } : {}) };
  const plan = kernel.plan({ ...shape, epsilon, keeps }, limits);
  const result = { name: "result", shape: values.shape };
  if (!keeps) return runPlan(backend, plan, { values, residual, scale, shift }, [result])[0]!;
  const kept = [{ name: "sum", shape: values.shape }, { name: "moments", shape: [rows, 3] }];
  return customGrad((a, b, gamma, beta, save) => {
    const [own, other, scales, shifts] = [a, b, gamma, beta] as [Tensor, Tensor, Tensor, Tensor];
    const inputs = { values: own, residual: other, scale: scales, shift: shifts };
    const [value, sum, moments] = runPlan(backend, plan, inputs, [result, ...kept]) as [Tensor, Tensor, Tensor];
    (save as unknown as (tensors: Tensor[]) => void)([sum, moments, scales]);
    const gradFunc = (upstream: Tensor, saved: Tensor[]) => {
      const [ownSum, ownMoments, ownScale] = saved as [Tensor, Tensor, Tensor];
      const ofValues = dropout && dropout.probability > 0 ? [{ name: "values_gradient", shape: ownSum.shape }] : [];
      const [ofScale, ofShift, gradient, masked] = runPlan(
        backend,
        residualLayerNormGradient.plan(shape, limits),
        { sum: ownSum, moments: ownMoments, scale: ownScale, upstream },
        [
          { name: "scale_gradient", shape: [columns] },
          { name: "shift_gradient", shape: [columns] },
          { name: "gradient", shape: ownSum.shape },
          ...ofValues,
        ],
      ) as [Tensor, Tensor, Tensor, Tensor?];
      // Two tensors of one buffer: the tape disposes of each gradient by itself.
      return [masked ?? clone(gradient), gradient, ofScale, ofShift];
    };
    return { value, gradFunc };
  })(values, residual, scale, shift);
}

/** {@link residualLayerNorm} of stock operations. */
export function residualLayerNormComposed(
  values: Tensor,
  residual: Tensor,
  scale: Tensor,
  shift: Tensor,
  epsilon: number,
  dropout?: Dropout,
): Tensor {
  const dropped = dropout && dropout.probability > 0
    ? dropoutComposed(values, dropout.probability, dropout.key)
    : values;
  return layerNormComposed(add(residual, dropped), scale, shift, epsilon);
}
