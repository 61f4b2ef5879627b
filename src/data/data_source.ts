import type { Files } from "../host.ts";
import type { DataSet } from "./example.ts";

/** A data set that is known by its name. */
export interface DataSource {
  readonly name: string;
  /** What it is, in one line. */
  readonly summary: string;
  /** Why it cannot be had, where it cannot; a plan that names it says so before anything trains. */
  readonly missing?: string;
  /** `assets`: the project's own files, from its root. */
  load(assets: Files): Promise<DataSet>;
}
