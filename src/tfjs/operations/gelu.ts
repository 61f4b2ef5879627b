import { add, customGrad, erf, exp, mul, square, type Tensor } from "@tensorflow/tfjs-core";
import { constant } from "../constants.ts";

/** Gaussian error linear unit, exact: x (1 + erf(x / sqrt 2)) / 2. Hendrycks & Gimpel, 2016. */
export function gelu(x: Tensor): Tensor {
  return customGrad((input, save) => {
    const values = input as Tensor;
    const cumulative = mul(add(erf(mul(values, constant(Math.SQRT1_2))), constant(1)), constant(0.5));
    (save as (tensors: Tensor[]) => void)([values, cumulative]);
    const gradFunc = (upstream: Tensor, [saved, phi]: Tensor[]) => {
      const density = mul(exp(mul(square(saved!), constant(-0.5))), constant(1 / Math.sqrt(2 * Math.PI)));
      return mul(upstream, add(phi!, mul(saved!, density)));
    };
    return { value: mul(values, cumulative), gradFunc };
  })(x);
}
