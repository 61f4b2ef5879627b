import { InputError } from "../errors.ts";
import { idsOf, listIn, type Part, place, requireColumn, requireRows } from "./cells.ts";
import type { ColumnNames } from "./columns.ts";
import type { TaggedExample } from "./example.ts";
import type { Table } from "./table.ts";

/**
 * The sentences of a table, in which every token has a tag in IOB2.
 *
 * @throws InputError with file and line on a missing column, a row without tokens, another number of tags than of tokens, what is no tag,
 * and an id that stands twice
 */
export function taggedExamples(table: Table, columns: ColumnNames, part: Part = "train"): TaggedExample[] {
  requireRows(table);
  requireColumn(table, columns.text, "tokens", "data.text_name");
  requireColumn(table, columns.label, "tags", "data.label_name");
  const sentences = table.rows.map((row) => {
    const tokens = listIn(table, row, columns.text, "tokens");
    if (tokens.length === 0) throw new InputError(`${place(table, row)}: no tokens. Every row needs one at least`);
    const tags = listIn(table, row, columns.label, "tags");
    if (tags.length !== tokens.length) {
      throw new InputError(`${place(table, row)}: ${count(tokens.length, "token")}, but ${count(tags.length, "tag")}`);
    }
    const odd = tags.find((tag) => !/^(O|[BI]-.+)$/.test(tag));
    if (odd !== undefined) {
      throw new InputError(`${place(table, row)}: '${odd}' is no tag. Expected O, B-TYPE or I-TYPE`);
    }
    return { tokens, tags };
  });
  const ids = idsOf(table, columns.id, sentences.map(({ tokens }) => tokens.join(" ")), part);
  return sentences.map((sentence, index) => ({ id: ids[index]!, ...sentence }));
}

/** The types of entities that tags name, sorted. */
export function entityTypes(examples: readonly TaggedExample[]): string[] {
  const types = new Set<string>();
  for (const { tags } of examples) for (const tag of tags) if (tag !== "O") types.add(tag.slice(2));
  return [...types].sort();
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
