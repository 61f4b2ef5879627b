import { InputError } from "../errors.ts";
import { hash } from "../hash.ts";
import { usualColumns } from "./columns.ts";
import type { Row, Table } from "./table.ts";

/** Reading single cells of a table, with the place of whatever is not as it should be. */

/** Which part of a data set a file is. Ids that are made from texts differ between parts, since texts may stand in both. */
export type Part = "train" | "test";

/** Where a person finds a row. */
export function place(table: Table, row: Row): string {
  return `${row.file ?? table.file}:${row.line}`;
}

/** @throws InputError where the table has no rows */
export function requireRows(table: Table): void {
  if (table.rows.length === 0) throw new InputError(`${table.file}: the file has no rows`);
}

/** @throws InputError where the table lacks a column, with those that it has and the option that names another */
export function requireColumn(table: Table, column: string, what: string, option: string): void {
  if (table.columns.includes(column)) return;
  throw new InputError(
    `${table.file}: no column '${column}'. The file has: ${table.columns.join(", ")}\n` +
      `Say which one holds the ${what} with ${option}=COLUMN`,
  );
}

/** @throws InputError where a text is expected and is not there */
export function textIn(table: Table, row: Row, column: string, what = "text"): string {
  const value = row.cells.get(column);
  const text = asString(value);
  if (text === undefined && value !== undefined && value !== null) {
    throw new InputError(`${place(table, row)}: '${column}' is ${kindOf(value)}, where a text is expected`);
  }
  if (text === undefined || text.trim() === "") {
    throw new InputError(`${place(table, row)}: no ${what}. Every row needs one in its column '${column}'`);
  }
  return text;
}

/** A name, such as a label or an id: numbers are names too, and blanks around a name mean nothing. */
export function nameIn(table: Table, row: Row, column: string): string | undefined {
  const value = row.cells.get(column);
  if (value === undefined || value === null) return undefined;
  const name = asString(value)?.trim();
  if (name !== undefined) return name === "" ? undefined : name;
  throw new InputError(`${place(table, row)}: '${column}' is ${kindOf(value)}, where a name or a number is expected`);
}

/** @throws InputError where a list of texts is expected and is not there */
export function listIn(table: Table, row: Row, column: string, what: string): string[] {
  const value = row.cells.get(column);
  if (value === undefined || value === null) {
    throw new InputError(`${place(table, row)}: no ${what}. Every row needs a list of them in its column '${column}'`);
  }
  if (!Array.isArray(value)) {
    throw new InputError(`${place(table, row)}: '${column}' is ${kindOf(value)}, where a list of ${what} is expected`);
  }
  const odd = value.findIndex((each) => typeof each !== "string");
  if (odd === -1) return value;
  const found = typeof value[odd] === "number" ? `the number ${value[odd]}` : kindOf(value[odd]);
  throw new InputError(`${place(table, row)}: entry ${odd + 1} of '${column}' is ${found}, where a text is expected`);
}

/**
 * Of each row, its own id, or one that is made from its text: a text keeps that id whatever rows are added, removed or moved; equal texts
 * are counted.
 *
 * @throws InputError where a row has no id although others do, and where an id stands twice
 */
export function idsOf(table: Table, column: string, texts: readonly string[], part: Part): string[] {
  if (column !== usualColumns.id) requireColumn(table, column, "id", "data.id_name");
  if (!table.columns.includes(column)) return idsFromTexts(texts, part);
  const places = new Map<string, string>();
  return table.rows.map((row) => {
    const id = nameIn(table, row, column);
    if (id === undefined) {
      throw new InputError(`${place(table, row)}: no id. Give every row one, or leave out the column`);
    }
    const earlier = places.get(id);
    if (earlier !== undefined) {
      throw new InputError(`${place(table, row)}: the id '${id}' stands ${earlier} already. Ids must be unique`);
    }
    places.set(id, row.file === undefined ? `on line ${row.line}` : `in ${place(table, row)}`);
    return id;
  });
}

function idsFromTexts(texts: readonly string[], part: Part): string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const occurrence = (seen.get(text) ?? 0) + 1;
    seen.set(text, occurrence);
    const id = hash(text, 16);
    return `${part === "test" ? "test-" : ""}${id}${occurrence > 1 ? `-${occurrence}` : ""}`;
  });
}

function asString(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return asString(value) === undefined ? "an object" : typeof value === "string" ? "a text" : `a ${typeof value}`;
}
