import { InputError } from "../errors.ts";
import type { Part } from "./cells.ts";
import { type ColumnNames, usualColumns } from "./columns.ts";
import type { Example } from "./example.ts";
import { examples, type LabelledExample, labelledExamples } from "./examples.ts";
import { gunzip } from "./gzip.ts";
import { readers } from "./readers.ts";
import type { Reader, SourceFile, Table } from "./table.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * The examples of a file in which every row must have a label.
 *
 * @throws InputError with file and line on anything that is not as it should be
 */
export async function loadLabelled(
  file: SourceFile,
  columns = usualColumns,
  part: Part = "train",
): Promise<LabelledExample[]> {
  return labelledExamples(await loadTable(file), columns, part);
}

/**
 * The examples of a file, with their labels where there are any: a pool that waits to be labelled.
 *
 * @throws InputError with file and line on anything that is not as it should be
 */
export async function loadPool(file: SourceFile, columns: ColumnNames = usualColumns): Promise<Example[]> {
  return examples(await loadTable(file), columns);
}

/**
 * Reads a file by the format that its name says; one that ends in `.gz` is unpacked first.
 *
 * @param wanted columns whose cells are wanted, for a format in which others cost time
 * @param format where the name does not say it: that of another extension
 */
export async function loadTable(
  { name, bytes }: SourceFile,
  wanted?: readonly string[],
  format?: string,
): Promise<Table> {
  const zipped = /\.gz$/i.test(name);
  const reader = format === undefined ? readerOf(zipped ? name.slice(0, -".gz".length) : name) : readers.get(format);
  const plain = zipped ? await gunzip(bytes, name) : bytes;
  if ("readBytes" in reader) return await reader.readBytes(plain, name, wanted);
  const text = decodeUtf8(plain, name);
  if (text.trim() === "") throw new InputError(`${name}: the file is empty`);
  return await reader.read(text, name);
}

function readerOf(name: string): Reader {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  const reader = extension === undefined ? undefined : readers.find(extension);
  if (reader) return reader;
  const known = readers.names().map((each) => `.${each}`).join(", ");
  throw new InputError(
    `${name}: the name does not end in a known file format. Known are: ${known}, each also with .gz`,
  );
}
