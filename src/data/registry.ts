import { Registry } from "../registry.ts";
import type { DataSource } from "./data_source.ts";
import { cedr, cedrFull } from "./sets/cedr.ts";
import { conll2003 } from "./sets/conll2003.ts";
import { mail } from "./sets/mail.ts";
import { rumedner } from "./sets/rumedner.ts";
import { samsum } from "./sets/samsum.ts";
import { trec } from "./sets/trec.ts";

/** Every data set that a plan may name without giving files. */
export const dataSets = new Registry<DataSource>("data set", [
  mail,
  trec,
  conll2003,
  rumedner,
  cedr,
  cedrFull,
  samsum,
]);
