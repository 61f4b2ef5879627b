import { InputError } from "../errors.ts";
import { hash } from "../hash.ts";
import { type ColumnNames, usualColumns } from "./columns.ts";
import type { Example } from "./example.ts";
import type { Row, Table } from "./table.ts";

/** Which part of a data set a file is. Ids that are made from texts differ between parts, since texts may stand in both. */
export type Part = "train" | "test";

export type LabelledExample = Example & { readonly label: string };

/**
 * The examples of a table in which every row must have a label.
 *
 * @throws InputError with file and line on a missing column, text, label or id, and on an id that stands twice
 */
export function labelledExamples(table: Table, columns = usualColumns, part: Part = "train"): LabelledExample[] {
  requireColumn(table, columns.label, "label", "data.label_name");
  return examples(table, columns, part).map((example, index) => {
    if (example.label !== undefined) return { ...example, label: example.label };
    throw new InputError(`${place(table, table.rows[index]!)}: no label. ${labelAdvice(table, columns, part)}`);
  });
}

/**
 * The examples of a table, with their labels where there are any: a pool that waits to be labelled.
 *
 * @throws InputError with file and line on a missing column, text or id, and on an id that stands twice
 */
export function examples(table: Table, columns = usualColumns, part: Part = "train"): Example[] {
  if (table.rows.length === 0) throw new InputError(`${table.file}: the file has no rows`);
  requireColumn(table, columns.text, "text", "data.text_name");
  const texts = table.rows.map((row) => textOf(table, row, columns.text));
  const ids = idsOf(table, columns.id, texts, part);
  return table.rows.map((row, index) => {
    const label = nameIn(table, row, columns.label);
    return { id: ids[index]!, text: texts[index]!, ...(label === undefined ? {} : { label }) };
  });
}

function requireColumn(table: Table, column: string, what: string, option: string): void {
  if (table.columns.includes(column)) return;
  throw new InputError(
    `${table.file}: no column '${column}'. The file has: ${table.columns.join(", ")}\n` +
      `Say which one holds the ${what} with ${option}=COLUMN`,
  );
}

function textOf(table: Table, row: Row, column: string): string {
  const value = row.cells.get(column);
  const text = asString(value);
  if (text === undefined && value !== undefined && value !== null) {
    throw new InputError(`${place(table, row)}: '${column}' is ${kindOf(value)}, where a text is expected`);
  }
  if (text === undefined || text.trim() === "") {
    throw new InputError(`${place(table, row)}: no text. Every row needs one in its column '${column}'`);
  }
  return text;
}

/** A name, such as a label or an id: numbers are names too, and blanks around a name mean nothing. */
function nameIn(table: Table, row: Row, column: string): string | undefined {
  const value = row.cells.get(column);
  if (value === undefined || value === null) return undefined;
  const name = asString(value)?.trim();
  if (name !== undefined) return name === "" ? undefined : name;
  throw new InputError(`${place(table, row)}: '${column}' is ${kindOf(value)}, where a name or a number is expected`);
}

function idsOf(table: Table, column: string, texts: readonly string[], part: Part): string[] {
  if (column !== usualColumns.id) requireColumn(table, column, "id", "data.id_name");
  if (!table.columns.includes(column)) return idsFromTexts(texts, part);
  const lines = new Map<string, number>();
  return table.rows.map((row) => {
    const id = nameIn(table, row, column);
    if (id === undefined) {
      throw new InputError(`${place(table, row)}: no id. Give every row one, or leave out the column`);
    }
    const earlier = lines.get(id);
    if (earlier !== undefined) {
      throw new InputError(
        `${place(table, row)}: the id '${id}' stands on line ${earlier} already. Ids must be unique`,
      );
    }
    lines.set(id, row.line);
    return id;
  });
}

/** A text keeps its id whatever rows are added, removed or moved; equal texts are counted. */
function idsFromTexts(texts: readonly string[], part: Part): string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const occurrence = (seen.get(text) ?? 0) + 1;
    seen.set(text, occurrence);
    const id = hash(text, 16);
    return `${part === "test" ? "test-" : ""}${id}${occurrence > 1 ? `-${occurrence}` : ""}`;
  });
}

function labelAdvice(table: Table, columns: ColumnNames, part: Part): string {
  const found = new Set<string>();
  for (const row of table.rows) {
    const label = nameIn(table, row, columns.label);
    if (label !== undefined) found.add(label);
  }
  const rule = `Every ${part === "train" ? "training" : "test"} row needs one`;
  if (found.size === 0) return rule;
  const sorted = [...found].sort();
  const shown = sorted.slice(0, 10).join(", ");
  return `${rule} of: ${shown}${sorted.length > 10 ? ` and ${sorted.length - 10} more` : ""}`;
}

function asString(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : "an object";
}

function place(table: Table, row: Row): string {
  return `${table.file}:${row.line}`;
}
