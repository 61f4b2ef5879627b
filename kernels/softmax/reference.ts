/** The oracle, in float64: softmax of one row. */
export function softmaxReference(logits: ArrayLike<number>): number[] {
  return logSoftmaxReference(logits).map(Math.exp);
}

/** The oracle, in float64: log-softmax of one row. */
export function logSoftmaxReference(logits: ArrayLike<number>): number[] {
  const row = Array.from(logits);
  const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const logSum = Math.log(row.reduce((total, x) => total + Math.exp(x - max), 0));
  return row.map((x) => x - max - logSum);
}

/** Gradient of softmax: y (g - sum g y), for the result y and the upstream gradient g. */
export function softmaxGradientReference(result: ArrayLike<number>, upstream: ArrayLike<number>): number[] {
  const total = Array.from(result).reduce((sum, y, index) => sum + y * upstream[index]!, 0);
  return Array.from(result, (y, index) => y * (upstream[index]! - total));
}

/** Gradient of log-softmax: g - e^y sum g. */
export function logSoftmaxGradientReference(result: ArrayLike<number>, upstream: ArrayLike<number>): number[] {
  const total = Array.from(upstream).reduce((sum, g) => sum + g, 0);
  return Array.from(result, (y, index) => upstream[index]! - Math.exp(y) * total);
}
