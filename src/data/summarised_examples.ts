import { idsOf, type Part, requireColumn, requireRows, textIn } from "./cells.ts";
import type { ColumnNames } from "./columns.ts";
import type { SummarisedExample } from "./example.ts";
import type { Table } from "./table.ts";

/**
 * The texts of a table, each with its summary.
 *
 * @throws InputError with file and line on a missing column, text or summary, and on an id that stands twice
 */
export function summarisedExamples(table: Table, columns: ColumnNames, part: Part = "train"): SummarisedExample[] {
  requireRows(table);
  requireColumn(table, columns.text, "text", "data.text_name");
  requireColumn(table, columns.label, "summary", "data.label_name");
  const texts = table.rows.map((row) => textIn(table, row, columns.text));
  const ids = idsOf(table, columns.id, texts, part);
  return table.rows.map((row, index) => ({
    id: ids[index]!,
    text: texts[index]!,
    summary: textIn(table, row, columns.label, "summary"),
  }));
}
