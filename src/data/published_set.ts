import type { ColumnNames } from "./columns.ts";
import type { DataKind } from "./data_source.ts";
import type { UsualColumns } from "./find_columns.ts";
import type { Layout } from "./parts/in_folder.ts";
import type { Row } from "./table.ts";

/** What is known of a data set that others have published. */
export interface PublishedSet {
  readonly name: string;
  readonly summary: string;
  readonly kind?: DataKind;
  /** Its repository on the hub, where it has one. */
  readonly repository?: string;
  /** Taken where the config names none. */
  readonly subset?: string;
  readonly columns?: UsualColumns;
  /** Of columns whose integers stand for names that a file may not know. */
  readonly classes?: Readonly<Record<string, readonly string[]>>;
  /** How it lies in folders, besides the ways in which any may. */
  readonly layouts?: readonly Layout[];
  /** How many examples its parts have. */
  readonly sizes?: { readonly train: number; readonly test: readonly number[] };
  /** Which rows are examples, and as what. */
  readonly examples?: RowRule;
}

export interface RowRule {
  /** The row as it counts; undefined where it is left out. */
  readonly take: (row: Row, columns: ColumnNames) => Row | undefined;
  /** What is said of those that are left out, such as "have no text". */
  readonly leftOut: string;
}
