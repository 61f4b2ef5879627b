import type { DataConfig } from "../config/schema.ts";
import type { DataKind, DataPlaces, FoundData } from "../data/data_source.ts";
import { dataSet, unlabelledDataSet } from "../data/data_set.ts";
import type { DataSet } from "../data/example.ts";
import { labelledExamples } from "../data/examples.ts";
import { findSource } from "../data/find_source.ts";
import { dataSetFromFiles, dataSetFromOneFile } from "../data/from_files.ts";
import { keptApart } from "../data/kept_apart.ts";
import { loadLabelled, loadPool } from "../data/load_file.ts";
import { InputError } from "../errors.ts";
import type { Files } from "../host.ts";

/** The data set that a config names, to classify: the user's files where it gives some, else a published one. */
export async function loadData(config: DataConfig, places: DataPlaces): Promise<DataSet> {
  const { train, test, test_fraction, classes } = config;
  const { userFiles } = places;
  if (train === null) {
    const found = await loadPublished(config, places, "classification");
    const own = labelledExamples(found.train, found.columns);
    const held = keptApart(own, labelledExamples(found.test, found.columns, "test"));
    return { ...dataSet(found.name, own, held), ...(found.notices.length > 0 ? { notices: found.notices } : {}) };
  }
  const columns = { text: config.text_name, label: config.label_name, id: config.id_name };
  const name = nameOf(config);
  const file = await userFile(userFiles, train, "data.train");
  if (classes) {
    const pool = await loadPool(file, columns);
    const held = await loadLabelled(await userFile(userFiles, test!, "data.test"), columns, "test");
    return unlabelledDataSet(name, pool, held, classes);
  }
  if (test !== null) return await dataSetFromFiles(name, file, await userFile(userFiles, test, "data.test"), columns);
  return await dataSetFromOneFile(name, file, test_fraction ?? 0.2, columns);
}

/**
 * The tables of a data set for which a config gives no files.
 *
 * @throws InputError where it is not there, or is made for another kind of task
 */
export async function loadPublished(config: DataConfig, places: DataPlaces, kind: DataKind): Promise<FoundData> {
  const source = findSource(config, kind);
  if (source.kind === undefined || source.kind === kind) return await source.load(places, config);
  throw new InputError(`data.dataset_name: '${source.name}' is made for ${source.kind}, not for ${kind}`);
}

/** @throws InputError where there is no such file */
export async function userFile(files: Files, path: string, key: string) {
  const bytes = await files.read(path);
  if (!bytes) throw new InputError(`${key}: there is no file ${path}`);
  return { name: path, bytes };
}

/** What the user's files are called. */
export function nameOf({ dataset_name, train }: DataConfig): string {
  return dataset_name ?? train!.split("/").at(-1)!.replace(/(\.gz)?$/, "").replace(/\.[^.]*$/, "");
}
