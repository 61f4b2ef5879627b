import type { DataConfig } from "../config/schema.ts";
import type { ColumnNames } from "./columns.ts";
import type { DataKind } from "./data_source.ts";

/** What the columns of a data set are usually called, the most usual first. */
export interface UsualColumns {
  readonly text: readonly string[];
  readonly label: readonly string[];
}

/** Where a data set is not known better. A config that says nothing says the first of them. */
export const usualOf: Readonly<Record<DataKind, UsualColumns>> = {
  classification: { text: ["text"], label: ["label"] },
  tagging: { text: ["tokens", "words", "text"], label: ["ner_tags", "tags", "labels", "label"] },
  summarisation: { text: ["dialogue", "document", "article", "text"], label: ["summary", "highlights", "label"] },
};

/** All columns that may have to be read. */
export function wantedColumns(config: DataConfig, usual: UsualColumns): string[] {
  return [...new Set([config.text_name, config.label_name, config.id_name, ...usual.text, ...usual.label])];
}

/**
 * The columns that a config names. One that is not there, and that is only what such columns are usually called, stands for whichever of
 * the usual ones is there: copies of a data set differ in that, and base configs name one.
 */
export function findColumns(config: DataConfig, there: readonly string[], usual: UsualColumns): ColumnNames {
  const find = (given: string, names: readonly string[]) =>
    there.includes(given) || !names.includes(given) ? given : names.find((name) => there.includes(name)) ?? given;
  return {
    text: find(config.text_name, usual.text),
    label: find(config.label_name, usual.label),
    id: config.id_name,
  };
}
