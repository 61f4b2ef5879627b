import { confusionMatrix } from "./confusion_matrix.ts";

/** How well one class is found. A ratio over nothing is 0, as scikit-learn has it with its default `zero_division`. */
export interface ClassScore {
  /** Of what was predicted to be this class, the share that is. 0 where it was never predicted. */
  readonly precision: number;
  /** Of what is this class, the share that was predicted so. 0 where it never occurs. */
  readonly recall: number;
  /** Harmonic mean of both, 2 TP / (2 TP + FP + FN). 0 where the class neither occurs nor is predicted. */
  readonly f1: number;
  /** How many examples are of this class. */
  readonly support: number;
}

/** How one class came out: right, predicted but wrong, missed. */
export interface ClassCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** The counts of each class, in the order of `labels`; throws as {@link confusionMatrix} does. */
export function classCounts(
  gold: readonly string[],
  predicted: readonly string[],
  labels: readonly string[],
): ClassCounts[] {
  const confusion = confusionMatrix(gold, predicted, labels);
  return labels.map((_, index) => {
    const truePositives = confusion[index]![index]!;
    const occurs = confusion[index]!.reduce((sum, count) => sum + count, 0);
    const isPredicted = confusion.reduce((sum, row) => sum + row[index]!, 0);
    return { truePositives, falsePositives: isPredicted - truePositives, falseNegatives: occurs - truePositives };
  });
}

/** F1 of some counts; 0 where there is nothing to count. */
export function f1({ truePositives, falsePositives, falseNegatives }: ClassCounts): number {
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
}

/** Precision, recall, F1 and support of each class, in the order of `labels`; throws as {@link confusionMatrix} does. */
export function classScores(
  gold: readonly string[],
  predicted: readonly string[],
  labels: readonly string[],
): ClassScore[] {
  return classCounts(gold, predicted, labels).map((counts) => ({
    precision: ratio(counts.truePositives, counts.truePositives + counts.falsePositives),
    recall: ratio(counts.truePositives, counts.truePositives + counts.falseNegatives),
    f1: f1(counts),
    support: counts.truePositives + counts.falseNegatives,
  }));
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
