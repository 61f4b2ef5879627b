import { Failure } from "../../errors.ts";
import type { Files } from "../../host.ts";
import { loadTable } from "../load_file.ts";
import type { Row, Table } from "../table.ts";

/** A part of a data set as files. */
export interface FoundPart {
  readonly files: Files;
  /** In order. */
  readonly paths: readonly string[];
  /** How a person knows a file. */
  nameOf(path: string): string;
  /** A reader's name, where those of the files do not say it. */
  readonly format?: string;
}

/**
 * One table of all files of a part, in order.
 *
 * @param wanted columns whose cells are wanted
 * @throws InputError on anything wrong in a file
 */
export async function readPart({ files, paths, nameOf, format }: FoundPart, wanted: readonly string[]): Promise<Table> {
  const tables: Table[] = [];
  for (const path of paths) {
    const bytes = await files.read(path);
    if (!bytes) throw new Failure(`${files.describe(path)} has gone`);
    tables.push(await loadTable({ name: nameOf(path), bytes }, wanted, format));
  }
  const [first] = tables;
  if (tables.length === 1) return first!;
  return {
    file: first!.file,
    columns: [...new Set(tables.flatMap(({ columns }) => columns))],
    rows: tables.flatMap(({ file, rows }) => rows.map((row): Row => ({ ...row, file }))),
  };
}
