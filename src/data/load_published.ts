import { type DataConfig, REGISTERED_PLACE } from "../config/schema.ts";
import { InputError } from "../errors.ts";
import { requireHub } from "../hub/hub.ts";
import { place } from "./cells.ts";
import type { ColumnNames } from "./columns.ts";
import type { DataPlaces, FoundData } from "./data_source.ts";
import { findColumns, usualOf, wantedColumns } from "./find_columns.ts";
import { partsInFolder } from "./parts/in_folder.ts";
import { type FoundParts, partsOnHub } from "./parts/on_hub.ts";
import { named } from "./parquet/class_names.ts";
import { type FoundPart, readPart } from "./parts/read_parts.ts";
import type { PublishedSet, RowRule } from "./published_set.ts";
import type { Row, Table } from "./table.ts";

/** @throws InputError where it is not there, or the config asks for what it does not have; Failure where it cannot be fetched */
export async function loadPublishedSet(set: PublishedSet, places: DataPlaces, config: DataConfig): Promise<FoundData> {
  const usual = set.columns ?? usualOf[set.kind ?? "classification"];
  const parts = await findParts(set, places, config);
  const read = async (part: FoundPart) =>
    withClasses(await readPart(part, wantedColumns(config, usual)), set.classes ?? {});
  const [train, test] = [await read(parts.train), await read(parts.test)];
  const columns = findColumns(config, train.columns, usual);
  const [own, held] = [train, test].map((table) => withRule(table, columns, set.examples));
  const notices = [...leftOut(set, [train, test], [own!, held!]), ...otherSizes(set, own!, held!)];
  return {
    name: set.name,
    train: own!,
    test: held!,
    columns,
    notices: [...parts.notices, ...notices.map((notice) => `data set '${set.name}': ${notice}`)],
  };
}

async function findParts(set: PublishedSet, places: DataPlaces, config: DataConfig): Promise<FoundParts> {
  const { name, repository, subset, layouts } = set;
  if (config.path !== null && config.path !== REGISTERED_PLACE) {
    const { subset: chosen, train_split, test_split } = config;
    const wanted = { subset: chosen, train_split, test_split };
    return await partsInFolder(places.userFiles, config.path, wanted, name, layouts, subset);
  }
  if (repository === undefined) {
    throw new InputError(
      `'${name}' is not fetched, since no place on the hub is known for it. Give a folder that holds it, with data.path=FOLDER,\n` +
        "or its files, with data.train=FILE data.test=FILE",
    );
  }
  return await partsOnHub(requireHub(places.hub, name), repository, config, subset);
}

function withClasses(table: Table, classes: Readonly<Record<string, readonly string[]>>): Table {
  const known = Object.entries(classes).filter(([column]) => table.columns.includes(column));
  if (known.length === 0) return table;
  const rows = table.rows.map((row): Row => {
    const cells = new Map(row.cells);
    for (const [column, names] of known) {
      if (cells.has(column)) cells.set(column, named(cells.get(column), names, place(table, row)));
    }
    return { ...row, cells };
  });
  return { ...table, rows };
}

function withRule(table: Table, columns: ColumnNames, rule: RowRule | undefined): Table {
  if (rule === undefined) return table;
  return { ...table, rows: table.rows.map((row) => rule.take(row, columns)).filter((row) => row !== undefined) };
}

function leftOut({ examples }: PublishedSet, before: readonly Table[], after: readonly Table[]): string[] {
  const [train, test] = before.map(({ rows }, index) => rows.length - after[index]!.rows.length);
  if (train === 0 && test === 0) return [];
  const [own, held] = before.map(({ rows }) => rows.length);
  return [`of ${own} training and ${held} test rows, ${train} and ${test} are left out: they ${examples!.leftOut}`];
}

/** A copy that is cut, or another version, gives other curves than those that are published. */
function otherSizes({ sizes }: PublishedSet, train: Table, test: Table): string[] {
  if (!sizes) return [];
  const [own, held] = [train.rows.length, test.rows.length];
  if (own === sizes.train && sizes.test.includes(held)) return [];
  return [
    `${own} training and ${held} test examples, where ${sizes.train} and ${sizes.test.join(" or ")} are published`,
  ];
}
