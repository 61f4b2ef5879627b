import { Failure, InputError } from "../../errors.ts";
import { place } from "../cells.ts";
import { usualColumns } from "../columns.ts";
import type { DataSource } from "../data_source.ts";
import { loadTable } from "../load_file.ts";
import type { Row, Table } from "../table.ts";

const path = "data/mail.jsonl.gz";

/** The embedded mails. One file holds both parts; its column `split` says which a row belongs to. */
export const mail: DataSource = {
  name: "mail",
  summary: "embedded: mails, by what they are about",
  kind: "classification",
  async load({ assets }, config) {
    const chosen = (["revision", "subset", "train_split", "test_split"] as const).find((key) =>
      config[key] !== undefined
    );
    if (chosen) throw new InputError(`data.${chosen} has no effect: the data set 'mail' comes with Pupil`);
    const bytes = await assets.read(path);
    if (!bytes) throw new Failure(`${assets.describe(path)} is missing, though it comes with Pupil`);
    const table = await loadTable({ name: assets.describe(path), bytes });
    return { name: "mail", train: part(table, "train"), test: part(table, "test"), columns: usualColumns, notices: [] };
  },
};

function part(table: Table, split: "train" | "test"): Table {
  return { ...table, rows: table.rows.filter((row) => splitOf(table, row) === split) };
}

function splitOf(table: Table, row: Row): "train" | "test" {
  const value = row.cells.get("split");
  if (value === "train" || value === "test") return value;
  throw new InputError(`${place(table, row)}: split is ${JSON.stringify(value)}. Expected "train" or "test"`);
}
