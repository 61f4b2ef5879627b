import { mul, neg, oneHot, sum, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { constant } from "../constants.ts";
import { logSoftmax } from "./softmax.ts";

/** Mean over the rows of logits [rows, classes] of -log p(target), in nats. */
export function crossEntropy(logits: Tensor, targets: Int32Array): Tensor {
  const [rows, classes] = logits.shape as [number, number];
  const chosen = oneHot(tensor(targets, [rows], "int32"), classes);
  return neg(mul(sum(mul(logSoftmax(logits), chosen)), constant(1 / rows)));
}
