/** A number that says how good a classifier's predictions are; larger is better. One file each, one line in the registry. */
export interface ClassificationMetric {
  /** As configs and `curves.csv` write it. */
  readonly name: string;
  /**
   * `gold[i]` and `predicted[i]` belong to the same example; every one of them is in `labels`.
   *
   * @throws InputError where the two differ in length, are empty, or hold a label that is not in `labels`
   */
  compute(gold: readonly string[], predicted: readonly string[], labels: readonly string[]): number;
}
