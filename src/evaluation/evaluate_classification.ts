import { classificationMetrics } from "./classification_metrics.ts";
import { type ClassScore, classScores } from "./class_scores.ts";
import { confusionMatrix } from "./confusion_matrix.ts";

/** All that is known of a classifier's predictions. */
export interface ClassificationEvaluation {
  /** How many examples. */
  readonly n: number;
  /** Every metric of the registry, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly perClass: Readonly<Record<string, ClassScore>>;
  /** [gold][predicted] counts, in the order of the labels. */
  readonly confusion: readonly (readonly number[])[];
}

/** @throws InputError where gold and predictions differ in length, are empty, or hold a label that is not in `labels` */
export function evaluateClassification(
  gold: readonly string[],
  predicted: readonly string[],
  labels: readonly string[],
): ClassificationEvaluation {
  const scores = classScores(gold, predicted, labels);
  return {
    n: gold.length,
    metrics: Object.fromEntries(
      classificationMetrics.entries().map((metric) => [metric.name, metric.compute(gold, predicted, labels)]),
    ),
    perClass: Object.fromEntries(labels.map((label, index) => [label, scores[index]!])),
    confusion: confusionMatrix(gold, predicted, labels),
  };
}
