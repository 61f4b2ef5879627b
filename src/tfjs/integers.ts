import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/**
 * Integers as a tensor, filled up with zeros to a power of two: their number changes from batch to batch, and buffers are reused by
 * size.
 */
export function filledIntegers(values: ArrayLike<number>): Tensor {
  const filled = new Int32Array(2 ** Math.ceil(Math.log2(values.length)));
  filled.set(values);
  return tensor(filled, [filled.length], "int32");
}
