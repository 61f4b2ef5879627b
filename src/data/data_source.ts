import type { DataConfig } from "../config/schema.ts";
import type { Files } from "../host.ts";
import type { Hub } from "../hub/hub.ts";
import type { ColumnNames } from "./columns.ts";
import type { Table } from "./table.ts";

/** What examples are, and so which task learns from them. */
export type DataKind = "classification" | "tagging" | "summarisation";

/** A data set that is known by its name. */
export interface DataSource {
  readonly name: string;
  /** What it is, in one line. */
  readonly summary: string;
  /** Undefined where any task may try. */
  readonly kind?: DataKind;
  /** @throws InputError where it is not there, or the config asks for what it does not have; Failure where it cannot be fetched */
  load(places: DataPlaces, config: DataConfig): Promise<FoundData>;
}

/** Where data sets are. */
export interface DataPlaces {
  /** The project's files, from its root. */
  readonly assets: Files;
  /** The user's files, from the folder in which paths of a config begin. */
  readonly userFiles: Files;
  /** Absent where the host asks none. */
  readonly hub?: Hub | undefined;
}

/** A data set as tables, which know nothing of what examples are. */
export interface FoundData {
  readonly name: string;
  readonly train: Table;
  readonly test: Table;
  /** What these tables call the columns. */
  readonly columns: ColumnNames;
  readonly notices: readonly string[];
}
