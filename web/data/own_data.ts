import { array, number, object, safeParse, string } from "valibot";
import { dataSets } from "../../src/data/registry.ts";
import type { Table } from "../../src/data/table.ts";
import { InputError } from "../../src/errors.ts";
import { type Files, readText, writeText } from "../../src/host.ts";
import { allOrNothing } from "./all_or_nothing.ts";
import { type ClassCount, countClasses } from "./class_counts.ts";
import type { ColumnChoice } from "./guess_columns.ts";
import { readExamples } from "./preview.ts";
import { freeName, safeName } from "./names.ts";
import { pauses } from "./pause.ts";

/** A data set of the person's own, kept in the browser: `data/NAME.jsonl` beside `data/NAME.json`, which says this. */
export interface OwnData {
  /** Of its files, unique. */
  readonly name: string;
  /** As the person calls it. */
  readonly title: string;
  readonly rows: number;
  readonly labelled: number;
  /** All that a text may be called, those that no row has yet too; the most frequent first. */
  readonly classes: readonly ClassCount[];
  /** Characters of the longest text. */
  readonly longest: number;
  /** When it was added, ISO 8601. */
  readonly added: string;
}

export interface OwnDataChoice {
  /** As the person calls it. */
  readonly title: string;
  readonly columns: ColumnChoice;
  /** What a text may be called, beside the labels that stand in the table. */
  readonly classes?: readonly string[];
}

/** What removes files; the page's storage does. */
export type RemovableFiles = Files & { remove(path: string): Promise<void> };

const FOLDER = "data";
/** What the parts of a data set end in, beside it: a set of such a name would be taken for another's part. */
const PART = /\.(pool|test|measuring)$/i;
/** Rows that are written between two pauses, so that the Worker answers meanwhile. */
const AT_ONCE = 5000;

/** The path of a data set's rows, as a plan's `data.train` names it. */
export function ownDataPath(name: string): string {
  return `${FOLDER}/${name}.jsonl`;
}

/**
 * Keeps a table as a data set: JSON Lines of `{id, text, label?}`.
 *
 * @param date when it is added, ISO 8601
 * @throws InputError on a row without text or id, an id that stands twice, and fewer than two classes
 */
export async function keepOwnData(
  files: RemovableFiles,
  table: Table,
  choice: OwnDataChoice,
  date: string,
): Promise<OwnData> {
  const examples = readExamples(table, choice.columns);
  const classes = countClasses(examples, classesOf(choice.classes ?? []));
  const [first, second] = classes;
  if (!first) {
    throw new InputError(
      `${table.file}: no row has a label. Choose the column that holds it, or name two classes at least`,
    );
  }
  if (!second) {
    throw new InputError(
      `${table.file}: the only class is '${first.name}'. Classification needs at least two: name another one`,
    );
  }
  const lines: string[] = [];
  const pause = pauses();
  for (let at = 0; at < examples.length; at += AT_ONCE) {
    const part = examples.slice(at, at + AT_ONCE);
    lines.push(part.map(({ id, text, label }) => JSON.stringify({ id, text, label }) + "\n").join(""));
    await pause();
  }
  const wanted = safeName(choice.title.replaceAll(/[/\\]/g, " "), "data").replace(PART, "-$1");
  const name = await freeName(wanted, (each) => isTaken(files, each));
  const own: OwnData = {
    name,
    title: choice.title.trim() || name,
    rows: examples.length,
    labelled: examples.filter(({ label }) => label !== undefined).length,
    classes,
    longest: examples.reduce((most, { text }) => Math.max(most, text.length), 0),
    added: date,
  };
  await allOrNothing(
    async () => {
      await writeText(files, ownDataPath(name), lines.join(""));
      // Last, since what it describes is there then: a page that is closed in between leaves rows that nobody lists.
      await writeText(files, summaryPath(name), JSON.stringify(own) + "\n");
    },
    () => removeOwnData(files, name),
  );
  return own;
}

/** Every data set of the person's own, the last one that was added first. */
export async function ownDataSets(files: Files): Promise<OwnData[]> {
  const found: OwnData[] = [];
  for (const file of await files.list(FOLDER)) {
    const own = file.endsWith(".json") ? await readOwnData(files, file.slice(0, -".json".length)) : undefined;
    if (own) found.push(own);
  }
  return found.sort((a, b) => (a.added === b.added ? (a.name < b.name ? -1 : 1) : a.added < b.added ? 1 : -1));
}

/** One data set of the person's own; undefined where there is none of that name. */
export async function readOwnData(files: Files, name: string): Promise<OwnData | undefined> {
  return parseOwnData(await readText(files, summaryPath(name)));
}

/** Removes a data set; runs on it can be looked at afterwards, and not continued. */
export async function removeOwnData(files: RemovableFiles, name: string): Promise<void> {
  await files.remove(summaryPath(name));
  await files.remove(ownDataPath(name));
}

export function summaryPath(name: string): string {
  return `${FOLDER}/${name}.json`;
}

/** What a summary says; undefined where it is none. */
export function parseOwnData(text: string | undefined): OwnData | undefined {
  if (text === undefined) return undefined;
  try {
    const result = safeParse(schema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

const schema = object({
  name: string(),
  title: string(),
  rows: number(),
  labelled: number(),
  classes: array(object({ name: string(), count: number() })),
  longest: number(),
  added: string(),
});

/** Names of classes as a person typed them. */
function classesOf(typed: readonly string[]): string[] {
  return typed.map((name) => name.trim()).filter((name) => name !== "");
}

/** By another data set, by a file that came with a run, or by a data set that needs no files. */
async function isTaken(files: Files, name: string): Promise<boolean> {
  return dataSets.find(name) !== undefined || (await files.list(FOLDER)).some((file) => file.startsWith(`${name}.`));
}
