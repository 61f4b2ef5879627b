import { InputError } from "../errors.ts";
import type { DataSet, Example } from "./example.ts";
import type { LabelledExample } from "./examples.ts";

/**
 * Puts a data set together and checks what only the whole can show.
 *
 * @throws InputError where a part is empty, training has fewer than two labels, the test part has a label that training never
 * has, or an id stands in both parts
 */
export function dataSet(name: string, train: readonly LabelledExample[], test: readonly LabelledExample[]): DataSet {
  if (train.length === 0) throw new InputError(`data set '${name}': the training part is empty`);
  if (test.length === 0) throw new InputError(`data set '${name}': the test part is empty`);
  const labels = [...new Set(train.map(({ label }) => label))].sort();
  if (labels.length < 2) {
    throw new InputError(
      `data set '${name}': all ${train.length} training rows have the label '${
        labels[0]
      }'. Classification needs at least two`,
    );
  }
  const foreign = test.find(({ label }) => !labels.includes(label));
  if (foreign) {
    throw new InputError(
      `data set '${name}': the test example '${foreign.id}' (${
        excerpt(foreign.text)
      }) has the label '${foreign.label}', ` +
        `which no training row has\n` +
        `Training has: ${labels.join(", ")}`,
    );
  }
  requireOwnIds(name, train, test);
  return { name, train, test, labels };
}

/**
 * A data set whose texts a person labels with some given classes. Those that have a label already need no person.
 *
 * @throws InputError where a part is empty, a label is none of the classes, or an id stands in both parts
 */
export function unlabelledDataSet(
  name: string,
  train: readonly Example[],
  test: readonly LabelledExample[],
  classes: readonly string[],
): DataSet {
  if (train.length === 0) throw new InputError(`data set '${name}': the training part is empty`);
  if (test.length === 0) throw new InputError(`data set '${name}': the test part is empty`);
  const foreign = [...train, ...test].find(({ label }) => label !== undefined && !classes.includes(label));
  if (foreign) {
    throw new InputError(
      `data set '${name}': the example '${foreign.id}' (${excerpt(foreign.text)}) has the label '${foreign.label}', ` +
        `which is none of data.classes: ${classes.join(", ")}`,
    );
  }
  requireOwnIds(name, train, test);
  return { name, train, test, labels: [...classes].sort() };
}

function requireOwnIds(name: string, train: readonly Example[], test: readonly Example[]): void {
  const trained = new Set(train.map(({ id }) => id));
  const shared = test.find(({ id }) => trained.has(id));
  if (shared) {
    throw new InputError(
      `data set '${name}': the id '${shared.id}' stands in both the training and the test part. Ids must be unique over both`,
    );
  }
}

/** Enough of a text to find it by, on one line: an id that was made for it stands in no file. */
function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}...` : line);
}
