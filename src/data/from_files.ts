import { usualColumns } from "./columns.ts";
import { dataSet } from "./data_set.ts";
import type { DataSet } from "./example.ts";
import { loadLabelled } from "./load_file.ts";
import { splitByText } from "./split.ts";
import type { SourceFile } from "./table.ts";

/** A data set from a training and a test file. @throws InputError on anything wrong in them */
export async function dataSetFromFiles(
  name: string,
  train: SourceFile,
  test: SourceFile,
  columns = usualColumns,
): Promise<DataSet> {
  return dataSet(name, await loadLabelled(train, columns, "train"), await loadLabelled(test, columns, "test"));
}

/**
 * A data set from one file, of which about the fraction `test` (in (0, 1)) of the texts is held out for the test part.
 *
 * @throws InputError on anything wrong in the file
 */
export async function dataSetFromOneFile(
  name: string,
  file: SourceFile,
  test: number,
  columns = usualColumns,
): Promise<DataSet> {
  const split = splitByText(await loadLabelled(file, columns), test);
  return dataSet(name, split.train, split.test);
}
