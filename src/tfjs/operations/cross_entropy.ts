import { mul, sum, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { logSoftmax } from "./softmax.ts";

/**
 * Mean over the rows of logits [rows, classes] of -log p(target), in nats.
 *
 * @throws RangeError where a target is no class
 */
export function crossEntropy(logits: Tensor, targets: Int32Array): Tensor {
  const [rows, classes] = logits.shape as [number, number];
  // The choice, the mean and the sign in one uploaded matrix: a kept scalar for each number of rows would pile up.
  const weights = new Float32Array(rows * classes);
  targets.forEach((target, row) => {
    if (target < 0 || target >= classes) {
      throw new RangeError(`target ${target} of row ${row} is none of ${classes} classes`);
    }
    weights[row * classes + target] = -1 / rows;
  });
  return sum(mul(logSoftmax(logits), tensor(weights, [rows, classes])));
}
