import { InputError } from "../../src/errors.ts";
import type { Example } from "../../src/data/example.ts";
import { usualColumns } from "../../src/data/columns.ts";
import { dataSetFromOneFile } from "../../src/data/from_files.ts";
import { loadPool } from "../../src/data/load_file.ts";
import type { SourceFile } from "../../src/data/table.ts";
import { type Files, writeText } from "../../src/host.ts";
import { random, sample } from "../../src/random.ts";
import { type OwnData, ownDataPath, readOwnData } from "../data/own_data.ts";

/** Labelled texts that are enough to measure a curve with. */
const ENOUGH = 10;
/** Texts that a person is asked for where there are too few, so that there is a curve at all; half of them all at most. */
const TO_MEASURE = 20;

/** Rows that are counted one by one. */
const COUNTED = 5000;
/** Of labelled texts, as a config that does not say has it. */
const TEST_FRACTION = 0.2;

/** Where the texts lie that a person labels, and those that the curve is measured with. */
const poolPath = (name: string) => `data/${name}.pool.jsonl`;
const testPath = (name: string) => `data/${name}.test.jsonl`;

/**
 * What a plan has to be told of a data set, as overrides.
 *
 * @throws InputError where there is no such data set, or nothing yet to measure a curve with
 */
export async function dataSettings(name: string, root: Files): Promise<string[]> {
  if (name === "mail") return [];
  const own = await requireOwn(name, root);
  const settings = ["data=own", `data.dataset_name=${literal(name)}`];
  if (isLabelled(own)) return [...settings, `data.train=${ownDataPath(name)}`];
  if (!await root.read(testPath(name))) {
    throw new InputError(
      `the texts of '${own.title}' have no labels to learn from: label some in "You are the oracle"`,
    );
  }
  const classes = own.classes.map((each) => literal(each.name)).sort().join(",");
  return [...settings, `data.train=${poolPath(name)}`, `data.test=${testPath(name)}`, `data.classes=[${classes}]`];
}

/** A name in an override: whatever it holds, it is no number, no list, and interpolates nothing. */
function literal(name: string): string {
  return JSON.stringify(name.replaceAll("${", "\\${"));
}

/**
 * How many texts of a data set there are to label, at least; undefined where it is large enough for any plan of the lab. Of a small one
 * they are counted, since which become the test set is settled by the texts.
 */
export async function poolSize(name: string, root: Files): Promise<number | undefined> {
  if (name === "mail") return undefined;
  const own = await requireOwn(name, root);
  if (isLabelled(own)) {
    if (own.rows > COUNTED) return Math.floor(own.rows * (1 - 1.1 * TEST_FRACTION));
    return (await dataSetFromOneFile(name, await rowsOf(name, root), TEST_FRACTION, usualColumns)).train.length;
  }
  const pool = await root.read(poolPath(name));
  return pool && pool.reduce((lines, byte) => lines + Number(byte === 0x0a), 0);
}

/** Texts that a person has to label first, so that curves can be measured. */
export interface ToMeasure {
  readonly own: OwnData;
  readonly classes: readonly string[];
  readonly examples: readonly Example[];
  /** All texts. */
  readonly all: readonly Example[];
}

/**
 * What has to be labelled before a person's data set can be run; undefined where nothing has to. Texts that have labels already serve, where
 * they are enough.
 *
 * @throws InputError where there is no such data set, or it is too small for a part to be set apart
 */
export async function toMeasure(name: string, root: Files): Promise<ToMeasure | undefined> {
  if (name === "mail") return undefined;
  const own = await requireOwn(name, root);
  if (isLabelled(own) || await root.read(testPath(name))) return undefined;
  const all = await loadPool(await rowsOf(name, root));
  const classes = own.classes.map((each) => each.name).sort();
  const labelled = all.filter(({ label }) => label !== undefined);
  if (labelled.length >= ENOUGH) {
    await keepMeasured(name, root, all, new Map(labelled.map(({ id, label }) => [id, label!])));
    return undefined;
  }
  const apart = Math.min(TO_MEASURE, Math.floor(all.length / 2));
  if (apart === 0) {
    throw new InputError(
      `'${own.title}' has one text only, and a curve is measured with others than those that are learned from: add more`,
    );
  }
  return { own, classes, examples: sample(all, apart, random("measure", name)), all };
}

/**
 * Sets texts apart, with their labels, to measure curves with; the rest is the pool.
 *
 * @throws InputError where there are none, or nothing is left
 */
export async function keepMeasured(
  name: string,
  root: Files,
  all: readonly Example[],
  labels: ReadonlyMap<string, string>,
): Promise<void> {
  const test = all.flatMap(({ id, text }) => labels.has(id) ? [{ id, text, label: labels.get(id)! }] : []);
  const pool = all.filter(({ id }) => !labels.has(id));
  if (test.length === 0) throw new InputError("no text has a label to measure with; every one was declined");
  if (pool.length === 0) {
    throw new InputError("every text is set apart to measure with, and none is left to learn from");
  }
  const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row) + "\n").join("");
  await writeText(root, poolPath(name), lines(pool));
  // Last: once it is there, so is the pool.
  await writeText(root, testPath(name), lines(test));
}

async function rowsOf(name: string, root: Files): Promise<SourceFile> {
  const path = ownDataPath(name);
  const bytes = await root.read(path);
  if (!bytes) throw new InputError(`${path} is gone. Remove the data set under "Data and runs", and add it again`);
  return { name: path, bytes };
}

function isLabelled({ rows, labelled }: OwnData): boolean {
  return labelled === rows;
}

async function requireOwn(name: string, root: Files): Promise<OwnData> {
  const own = await readOwnData(root, name);
  if (!own) throw new InputError(`there is no data set '${name}' here. Add it under "Data and runs"`);
  return own;
}
