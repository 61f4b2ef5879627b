import { Failure, InputError } from "../../errors.ts";
import type { DataSource } from "../data_source.ts";
import { dataSet } from "../data_set.ts";
import { labelledExamples } from "../examples.ts";
import { loadTable } from "../load_file.ts";
import type { Table } from "../table.ts";

const path = "data/mail.jsonl.gz";

/** The embedded mails. One file holds both parts; its column `split` says which a row belongs to. */
export const mail: DataSource = {
  name: "mail",
  summary: "embedded: mails, by what they are about",
  async load(assets) {
    const bytes = await assets.read(path);
    if (!bytes) throw new Failure(`${assets.describe(path)} is missing, though it comes with Pupil`);
    const table = await loadTable({ name: assets.describe(path), bytes });
    return dataSet(
      "mail",
      labelledExamples(part(table, "train")),
      labelledExamples(part(table, "test"), undefined, "test"),
    );
  },
};

function part(table: Table, split: "train" | "test"): Table {
  return {
    ...table,
    rows: table.rows.filter((row) => splitOf(row.cells.get("split"), `${table.file}:${row.line}`) === split),
  };
}

function splitOf(value: unknown, where: string): "train" | "test" {
  if (value === "train" || value === "test") return value;
  throw new InputError(`${where}: split is ${JSON.stringify(value)}. Expected "train" or "test"`);
}
