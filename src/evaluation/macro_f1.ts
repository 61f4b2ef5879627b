import { classCounts, f1 } from "./class_scores.ts";
import type { ClassificationMetric } from "./classification_metric.ts";

/**
 * The mean F1 of the classes that occur in the gold labels or the predictions, each class weighing the same.
 *
 * As in scikit-learn when it is given no list of labels: a class of the label scheme that neither occurs nor is predicted has
 * no F1 and is left out, so that a small test set does not lower the score; one that is predicted but never occurs counts as 0.
 */
export const macroF1: ClassificationMetric = {
  name: "macro_f1",
  compute(gold, predicted, labels) {
    const seen = classCounts(gold, predicted, labels).filter(
      (counts) => counts.truePositives + counts.falsePositives + counts.falseNegatives > 0,
    );
    return seen.reduce((sum, counts) => sum + f1(counts), 0) / seen.length;
  },
};
