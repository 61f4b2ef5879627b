import {
  add,
  customGrad,
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
import { constant } from "../constants.ts";

/** Layer normalisation over the last axis: (x - mean) / sqrt(variance + epsilon) * scale + shift. Ba et al., 2016. */
export function layerNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  const columns = x.shape.at(-1)!;
  const rows = x.size / columns;
  const sumOverRows = (values: Tensor) => reshape(matMul(ones([1, rows]), reshape(values, [rows, columns])), [columns]);
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
