import { Registry } from "../registry.ts";
import { csv, tsv } from "./readers/csv.ts";
import { jsonl, ndjson } from "./readers/jsonl.ts";
import type { Reader } from "./table.ts";

/** Every file format, by the extension of the file's name. */
export const readers = new Registry<Reader>("file format", [jsonl, ndjson, csv, tsv]);
