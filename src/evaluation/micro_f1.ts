import { classCounts, f1 } from "./class_scores.ts";
import type { ClassificationMetric } from "./classification_metric.ts";

/** F1 of the counts summed over classes. With one label an example, as here, it equals accuracy. */
export const microF1: ClassificationMetric = {
  name: "micro_f1",
  compute(gold, predicted, labels) {
    const total = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
    for (const counts of classCounts(gold, predicted, labels)) {
      total.truePositives += counts.truePositives;
      total.falsePositives += counts.falsePositives;
      total.falseNegatives += counts.falseNegatives;
    }
    return f1(total);
  },
};
