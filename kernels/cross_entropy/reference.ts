import { logSoftmaxReference } from "../softmax/reference.ts";

export interface CrossEntropySettings {
  /** One for each class; all 1 where absent. */
  readonly classWeights?: ArrayLike<number>;
  /** The part of each target that is spread evenly over all classes, 0 to 1; 0 where absent. */
  readonly smoothing?: number;
}

export interface CrossEntropy {
  readonly loss: number;
  readonly divisor: number;
  /** Of the loss, with respect to the logits: as these, a row after another. */
  readonly gradient: number[];
}

/**
 * The oracle, in float64: mean cross-entropy of rows of logits and its gradient. A target is a class, or a negative number where
 * its row is ignored, or a distribution over classes.
 */
export function crossEntropyReference(
  logits: readonly ArrayLike<number>[],
  targets: ArrayLike<number> | readonly ArrayLike<number>[],
  { classWeights, smoothing = 0 }: CrossEntropySettings = {},
): CrossEntropy {
  const weightOf = (column: number) => classWeights?.[column] ?? 1;
  let sum = 0;
  let divisor = 0;
  const gradients = logits.map((row, index) => {
    const target = targets[index]!;
    if (typeof target === "number" && target < 0) return Array.from(row, () => 0);
    const one = (column: number) => typeof target === "number" ? (column === target ? 1 : 0) : target[column]!;
    // What each class counts: its part of the target, smoothed, times its weight.
    const counts = Array.from(
      row,
      (_, column) => weightOf(column) * ((1 - smoothing) * one(column) + smoothing / row.length),
    );
    const logP = logSoftmaxReference(row);
    const total = counts.reduce((a, b) => a + b, 0);
    counts.forEach((count, column) => sum -= count === 0 ? 0 : count * logP[column]!);
    divisor += typeof target === "number" ? weightOf(target) : 1;
    return counts.map((count, column) => total * Math.exp(logP[column]!) - count);
  });
  const scale = divisor === 0 ? 0 : 1 / divisor;
  return {
    loss: divisor === 0 ? 0 : sum * scale,
    divisor,
    gradient: gradients.flat().map((value) => value === 0 ? 0 : value * scale),
  };
}
