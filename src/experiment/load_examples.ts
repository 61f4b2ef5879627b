import type { DataConfig } from "../config/schema.ts";
import type { Part } from "../data/cells.ts";
import type { ColumnNames } from "../data/columns.ts";
import type { DataKind, DataPlaces, FoundData } from "../data/data_source.ts";
import type { SummarisedExample, TaggedExample } from "../data/example.ts";
import { findColumns, usualOf, wantedColumns } from "../data/find_columns.ts";
import { keptApart } from "../data/kept_apart.ts";
import { loadTable } from "../data/load_file.ts";
import { splitByText } from "../data/split.ts";
import { summarisedExamples } from "../data/summarised_examples.ts";
import type { Table } from "../data/table.ts";
import { taggedExamples } from "../data/tagged_examples.ts";
import { InputError } from "../errors.ts";
import { loadPublished, nameOf, userFile } from "./load_data.ts";

/** Both parts of a data set. Ids are unique over them. */
export interface LoadedParts<T> {
  readonly name: string;
  readonly train: readonly T[];
  readonly test: readonly T[];
  readonly notices: readonly string[];
}

/** What examples of a kind are, and how a table becomes such. */
interface Form<T> {
  readonly kind: DataKind;
  examples(table: Table, columns: ColumnNames, part: Part): T[];
  /** What may stand in one part only, where one file is split. */
  textOf(example: T): string;
}

/** The data set that a config names, to tag. @throws InputError on anything wrong in it */
export function loadTagged(config: DataConfig, places: DataPlaces): Promise<LoadedParts<TaggedExample>> {
  return load(config, places, {
    kind: "tagging",
    examples: taggedExamples,
    textOf: ({ tokens }) => tokens.join(" "),
  });
}

/** The data set that a config names, to summarise. @throws InputError on anything wrong in it */
export function loadSummarised(config: DataConfig, places: DataPlaces): Promise<LoadedParts<SummarisedExample>> {
  return load(config, places, { kind: "summarisation", examples: summarisedExamples, textOf: ({ text }) => text });
}

async function load<T extends { readonly id: string }>(
  config: DataConfig,
  places: DataPlaces,
  form: Form<T>,
): Promise<LoadedParts<T>> {
  if (config.classes) {
    throw new InputError("data.classes has no effect: only texts to classify are labelled by a person");
  }
  if (config.train === null) {
    const { name, notices, ...found } = await loadPublished(config, places, form.kind);
    return { name, notices, ...partsOf(found, form) };
  }
  const read = async (path: string, key: string) =>
    await loadTable(await userFile(places.userFiles, path, key), wantedColumns(config, usualOf[form.kind]));
  const name = nameOf(config);
  const train = await read(config.train, "data.train");
  const columns = findColumns(config, train.columns, usualOf[form.kind]);
  if (config.test !== null) {
    const test = await read(config.test, "data.test");
    return { name, notices: [], ...partsOf({ train, test, columns }, form) };
  }
  const all = form.examples(train, columns, "train");
  const split = splitByText(
    all.map((example) => ({ example, text: form.textOf(example) })),
    config.test_fraction ?? 0.2,
  );
  const [own, held] = [split.train, split.test].map((items) => items.map(({ example }) => example));
  return { name, notices: [], train: own!, test: held! };
}

function partsOf<T extends { readonly id: string }>(
  { train, test, columns }: Pick<FoundData, "train" | "test" | "columns">,
  { examples }: Form<T>,
) {
  const own = examples(train, columns, "train");
  return { train: own, test: keptApart(own, examples(test, columns, "test")) };
}
