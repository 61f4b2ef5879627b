import { examples } from "../../src/data/examples.ts";
import type { Example } from "../../src/data/example.ts";
import type { Table } from "../../src/data/table.ts";
import { InputError } from "../../src/errors.ts";
import { cellText } from "./cell_text.ts";
import { type ClassCount, countClasses } from "./class_counts.ts";
import { type ColumnChoice, guessColumns } from "./guess_columns.ts";

/** What a person sees of a table before it is kept. */
export interface Preview {
  /** How messages call the file. */
  readonly file: string;
  readonly columns: readonly string[];
  /** The columns of `rows`: those that are read, and the first of the others. */
  readonly shown: readonly string[];
  /** The first twenty rows, a text for each column that is shown. */
  readonly rows: readonly (readonly string[])[];
  /** Of all rows. */
  readonly count: number;
  /** The columns that the rest speaks of: those that were chosen, else the likeliest. */
  readonly chosen: ColumnChoice;
  /** The classes in the label column, the most frequent first. */
  readonly classes: readonly ClassCount[];
  /** Rows without a label, which a person would label. */
  readonly unlabelled: number;
  /** Why it cannot be kept so: the first thing that is wrong. Undefined where nothing is. */
  readonly error?: string;
  /** What is allowed, and yet perhaps not meant. */
  readonly warnings: readonly string[];
}

const ROWS = 20;
/** Nobody looks through more, and a page of a hundred thousand cells is slow. */
const COLUMNS = 30;
/** Cells are cut to so many characters. */
const CELL = 400;
const MANY_CLASSES = 50;

export function previewOf(table: Table, chosen: ColumnChoice = guessColumns(table)): Preview {
  const { file, columns, rows } = table;
  const readColumns = columns.filter((column) => Object.values(chosen).includes(column));
  const shown = [...new Set([...columns.slice(0, COLUMNS), ...readColumns])];
  const beginning = rows.slice(0, ROWS).map(({ cells }) => shown.map((column) => cut(cellText(cells.get(column)))));
  const base = { file, columns, shown, rows: beginning, count: rows.length, chosen };
  try {
    const read = readExamples(table, chosen);
    const classes = countClasses(read);
    const unlabelled = read.filter(({ label }) => label === undefined).length;
    return { ...base, classes, unlabelled, warnings: warningsOf(table, chosen, read, classes) };
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return { ...base, classes: [], unlabelled: 0, error: thrown.message, warnings: separatorWarning(table) };
  }
}

/**
 * The rows of a table as examples.
 *
 * @throws InputError with file and line on a row without text or id, and on an id that stands twice
 */
export function readExamples(table: Table, { text, label, id }: ColumnChoice): Example[] {
  // A column `id` that is not chosen counts as none.
  const columns = id === undefined ? table.columns.filter((column) => column !== "id") : table.columns;
  // A row has no cell under a name that no column has.
  const noLabel = columns.reduce((name, column) => name + column, "no");
  return examples({ ...table, columns }, { text, label: label ?? noLabel, id: id ?? "id" });
}

function warningsOf(
  table: Table,
  { label }: ColumnChoice,
  read: readonly Example[],
  classes: readonly ClassCount[],
): string[] {
  const warnings = separatorWarning(table);
  const lines = new Map<string, number>();
  let twice = 0;
  let first: string | undefined;
  read.forEach(({ text }, index) => {
    const { line } = table.rows[index]!;
    const earlier = lines.get(text);
    if (earlier === undefined) lines.set(text, line);
    else {
      twice++;
      first ??= `the text of line ${line} stands on line ${earlier} already`;
    }
  });
  if (twice > 0) warnings.push(`${table.file}: ${first}; ${twice} of ${read.length} rows repeat a text`);
  if (label === undefined) return warnings;
  if (classes.length === 1) {
    warnings.push(
      `${table.file}: '${label}' is '${classes[0]!.name}' wherever it is given. Classification needs two classes`,
    );
  }
  if (classes.length > MANY_CLASSES) {
    warnings.push(`${table.file}: '${label}' has ${classes.length} different values, which is many for classes`);
  }
  return warnings;
}

/** Spreadsheets of many countries write CSV with semicolons. */
function separatorWarning({ file, columns }: Table): string[] {
  const only = columns.length === 1 ? columns[0]! : "";
  if (!only.includes(";")) return [];
  return [`${file}: its cells seem to be separated by semicolons. Save it with commas, or with tabs as .tsv`];
}

function cut(text: string): string {
  return text.length > CELL ? `${text.slice(0, CELL)}…` : text;
}
