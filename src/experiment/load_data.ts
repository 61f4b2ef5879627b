import type { DataConfig } from "../config/schema.ts";
import type { DataSet } from "../data/example.ts";
import { unlabelledDataSet } from "../data/data_set.ts";
import { dataSetFromFiles, dataSetFromOneFile } from "../data/from_files.ts";
import { loadLabelled, loadPool } from "../data/load_file.ts";
import { dataSets } from "../data/registry.ts";
import { InputError } from "../errors.ts";
import type { Files } from "../host.ts";
import type { Sources } from "./sources.ts";

/** The data set that a config names: the user's files where it gives some, else one of the registry. */
export async function loadData(config: DataConfig, { assets, userFiles }: Sources): Promise<DataSet> {
  const { train, test, test_fraction, classes } = config;
  if (train === null) {
    const source = dataSets.get(config.dataset_name ?? "", "data.dataset_name");
    return await source.load(assets);
  }
  const columns = { text: config.text_name, label: config.label_name, id: config.id_name };
  const name = config.dataset_name ?? stem(train);
  const file = await userFile(userFiles, train, "data.train");
  if (classes) {
    const pool = await loadPool(file, columns);
    const held = await loadLabelled(await userFile(userFiles, test!, "data.test"), columns, "test");
    return unlabelledDataSet(name, pool, held, classes);
  }
  if (test !== null) return await dataSetFromFiles(name, file, await userFile(userFiles, test, "data.test"), columns);
  return await dataSetFromOneFile(name, file, test_fraction ?? 0.2, columns);
}

async function userFile(files: Files, path: string, key: string) {
  const bytes = await files.read(path);
  if (!bytes) throw new InputError(`${key}: there is no file ${path}`);
  return { name: path, bytes };
}

function stem(path: string): string {
  return path.split("/").at(-1)!.replace(/(\.gz)?$/, "").replace(/\.[^.]*$/, "");
}
