import { InputError, messageOf } from "../../errors.ts";
import type { Reader, Row, Table } from "../table.ts";

/** JSON Lines: one JSON object a line. Blank lines are skipped. */
export const jsonl = { name: "jsonl", read: readJsonl } satisfies Reader;

/** The same format under its other usual name. */
export const ndjson = { name: "ndjson", read: readJsonl } satisfies Reader;

function readJsonl(text: string, file: string): Table {
  const columns = new Set<string>();
  const rows: Row[] = [];
  for (const [index, source] of text.split("\n").entries()) {
    if (source.trim() === "") continue;
    const row = { line: index + 1, cells: cellsOf(source, `${file}:${index + 1}`) };
    for (const column of row.cells.keys()) columns.add(column);
    rows.push(row);
  }
  return { file, columns: [...columns], rows };
}

function cellsOf(source: string, where: string): Map<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (thrown) {
    throw new InputError(`${where}: not JSON: ${messageOf(thrown)}\nExpected one JSON object a line`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new InputError(`${where}: not a JSON object. Expected one a line, such as {"text": "...", "label": "..."}`);
  }
  return new Map(Object.entries(value));
}
