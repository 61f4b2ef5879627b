import { matMul, reshape, slice, squeeze, type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "./batch.ts";

/** One vector of a sequence's hidden states [rows, length, hidden]: [rows, hidden]. */
export type Pooling = (hidden: Tensor, batch: Batch) => Tensor;

/** BERT's: the state of the first token. */
export const firstToken: Pooling = (hidden, { rows }) => {
  const columns = hidden.shape[2]!;
  return reshape(slice(hidden, [0, 0, 0], [rows, 1, columns]), [rows, columns]);
};

/** The mean over the real tokens: a product of each row's mask, scaled to sum to 1, with its states. */
export const meanOfTokens: Pooling = (hidden, { rows, length, mask }) => {
  const weights = new Float32Array(mask.length);
  for (let row = 0; row < rows; row++) {
    const own = mask.subarray(row * length, (row + 1) * length);
    const count = own.reduce((sum, value) => sum + value, 0);
    weights.set(own.map((value) => value / Math.max(1, count)), row * length);
  }
  return squeeze(matMul(tensor(weights, [rows, 1, length]), hidden), [1]);
};

/** GPT-2's: the state of each row's last token whose id is not `padding`; of the first where all are. */
export function lastToken(hidden: Tensor, { ids, rows, length }: Batch, padding: number): Tensor {
  const weights = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const last = ids.subarray(row * length, (row + 1) * length).findLastIndex((id) => id !== padding);
    weights[row * length + Math.max(0, last)] = 1;
  }
  return squeeze(matMul(tensor(weights, [rows, 1, length]), hidden), [1]);
}
