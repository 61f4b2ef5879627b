import { Registry } from "../registry.ts";
import { jsonl, ndjson } from "./readers/jsonl.ts";
import type { Reader } from "./table.ts";

/** Their parser is large, and loaded where there is such a file. */
const delimited = (["csv", "tsv"] as const).map((name): Reader => ({
  name,
  read: async (text, file) => (await import("./readers/csv.ts"))[name].read(text, file),
}));

/** Every file format, by the extension of the file's name. */
export const readers = new Registry<Reader>("file format", [jsonl, ndjson, ...delimited]);
