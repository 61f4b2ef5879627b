import type { Tensor } from "@tensorflow/tfjs-core";
import { layerNorm } from "../tfjs/operations/layer_norm.ts";
import { linear } from "../tfjs/operations/linear.ts";
import type { Parameters } from "../tfjs/parameters.ts";

/** The linear layer of that name. */
export function applyDense(parameters: Parameters, name: string, x: Tensor): Tensor {
  return linear(x, parameters.get(`${name}.weight`), parameters.get(`${name}.bias`));
}

/** The layer norm of that name. */
export function applyNorm(parameters: Parameters, name: string, x: Tensor, epsilon: number): Tensor {
  const [scale, shift] = scaleAndShift(parameters, name);
  return layerNorm(x, scale, shift, epsilon);
}

export function scaleAndShift(parameters: Parameters, name: string): readonly [scale: Tensor, shift: Tensor] {
  return [parameters.get(`${name}.weight`), parameters.get(`${name}.bias`)];
}
