import { InputError } from "../errors.ts";
import { idsOf, nameIn, type Part, place, requireColumn, requireRows, textIn } from "./cells.ts";
import { type ColumnNames, usualColumns } from "./columns.ts";
import type { Example } from "./example.ts";
import type { Table } from "./table.ts";

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
  requireRows(table);
  requireColumn(table, columns.text, "text", "data.text_name");
  const texts = table.rows.map((row) => textIn(table, row, columns.text));
  const ids = idsOf(table, columns.id, texts, part);
  return table.rows.map((row, index) => {
    const label = nameIn(table, row, columns.label);
    return { id: ids[index]!, text: texts[index]!, ...(label === undefined ? {} : { label }) };
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
