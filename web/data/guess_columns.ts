import type { Table } from "../../src/data/table.ts";
import { cellText } from "./cell_text.ts";

/** Which columns of a person's table are read. Without `label` no row has one; without `id` ids are made from the texts. */
export interface ColumnChoice {
  readonly text: string;
  readonly label?: string;
  readonly id?: string;
}

/** What columns are often called, in small letters, the likelier first. */
const TEXT_NAMES = [
  ...[
    "text",
    "texts",
    "message",
    "body",
    "content",
    "sentence",
    "document",
    "doc",
    "comment",
    "review",
    "tweet",
    "post",
  ],
  ...["question", "email", "mail", "utterance", "query", "description", "abstract", "summary", "subject", "title"],
  ...["текст", "сообщение", "письмо", "содержание", "комментарий", "отзыв", "вопрос", "предложение", "тема"],
];
const LABEL_NAMES = [
  ...[
    "label",
    "labels",
    "class",
    "category",
    "target",
    "y",
    "tag",
    "topic",
    "intent",
    "sentiment",
    "emotion",
    "folder",
  ],
  ...["type", "label_text", "метка", "класс", "категория", "тема", "рубрика"],
];
const ID_NAMES = ["id", "uid", "guid", "uuid", "key", "message_id", "ид", "номер"];

/** Rows that are looked at where names say nothing. */
const LOOKED_AT = 1000;
/** More different values than this are hardly classes. */
const MOST_CLASSES = 50;

/** Whether a word is what a column is often called: then a line that holds it names columns. */
export function isUsualName(word: string): boolean {
  const small = word.trim().toLowerCase();
  return [TEXT_NAMES, LABEL_NAMES, ID_NAMES].some((names) => names.includes(small));
}

/** Whether a word is what a column of texts is often called. */
export function isTextName(word: string): boolean {
  return TEXT_NAMES.includes(word.trim().toLowerCase());
}

/** The columns that a table most likely means, by their names, else by what stands in them. */
export function guessColumns(table: Table): ColumnChoice {
  const id = byName(table.columns.filter((column) => isUnique(table, column)), ID_NAMES);
  const looks = table.columns.filter((column) => column !== id).map((column) => lookOf(table, column));
  const named = byName(looks.map(({ column }) => column), TEXT_NAMES);
  const longest = [...looks].sort((a, b) => b.meanLength - a.meanLength)[0]?.column;
  const text = named ?? longest ?? table.columns[0] ?? "text";
  const others = looks.filter(({ column }) => column !== text);
  const label = byName(others.map(({ column }) => column), LABEL_NAMES) ?? mostClassLike(others);
  return { text, ...(label === undefined ? {} : { label }), ...(id === undefined ? {} : { id }) };
}

function byName(columns: readonly string[], names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = columns.find((column) => column.trim().toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Look {
  readonly column: string;
  readonly filled: number;
  readonly different: number;
  readonly meanLength: number;
}

function lookOf({ rows }: Table, column: string): Look {
  const texts = rows.slice(0, LOOKED_AT).map(({ cells }) => cellText(cells.get(column)).trim()).filter((text) => text);
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  return {
    column,
    filled: texts.length,
    different: new Set(texts).size,
    meanLength: texts.length === 0 ? 0 : length / texts.length,
  };
}

/** Few short values that come again and again. */
function mostClassLike(looks: readonly Look[]): string | undefined {
  const likely = looks.filter(({ filled, different, meanLength }) =>
    different >= 2 && different <= MOST_CLASSES && different * 3 <= filled && meanLength <= 40
  );
  return likely.sort((a, b) => a.different - b.different)[0]?.column;
}

function isUnique({ rows }: Table, column: string): boolean {
  const values = rows.map(({ cells }) => cellText(cells.get(column)).trim());
  return values.every((value) => value !== "") && new Set(values).size === values.length;
}
