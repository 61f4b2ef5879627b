import { InputError } from "../errors.ts";
import { suggest } from "../registry.ts";

/**
 * Counts of examples by gold label (rows) and predicted label (columns), in the order of `labels`.
 *
 * @throws InputError where the lists differ in length, are empty (no metric is defined over nothing), or hold an unknown label
 */
export function confusionMatrix(
  gold: readonly string[],
  predicted: readonly string[],
  labels: readonly string[],
): number[][] {
  if (gold.length !== predicted.length) {
    throw new InputError(
      `${gold.length} gold labels but ${predicted.length} predictions; each example needs one of both`,
    );
  }
  if (gold.length === 0) throw new InputError("no examples to evaluate; expected at least one");
  const position = new Map(labels.map((label, index) => [label, index]));
  const counts = labels.map(() => labels.map(() => 0));
  const indexOf = (label: string, what: string, example: number) => {
    const index = position.get(label);
    if (index !== undefined) return index;
    throw new InputError(`example ${example + 1}: unknown ${what} label '${label}'. ${suggest(label, labels)}`);
  };
  gold.forEach((label, example) => {
    const row = counts[indexOf(label, "gold", example)]!;
    row[indexOf(predicted[example]!, "predicted", example)]! += 1;
  });
  return counts;
}
