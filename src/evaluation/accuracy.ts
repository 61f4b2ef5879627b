import { classCounts } from "./class_scores.ts";
import type { ClassificationMetric } from "./classification_metric.ts";

/** The share of examples whose prediction is the gold label. */
export const accuracy: ClassificationMetric = {
  name: "accuracy",
  compute(gold, predicted, labels) {
    const right = classCounts(gold, predicted, labels).reduce((sum, counts) => sum + counts.truePositives, 0);
    return right / gold.length;
  },
};
