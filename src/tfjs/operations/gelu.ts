import type { Tensor } from "@tensorflow/tfjs-core";
import { activation } from "./activation.ts";

/** Gaussian error linear unit, exact: x (1 + erf(x / sqrt 2)) / 2. Hendrycks & Gimpel, 2016. */
export function gelu(x: Tensor): Tensor {
  return activation(x, "gelu");
}
