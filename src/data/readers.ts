import { Registry } from "../registry.ts";
import { bio, conll, iob } from "./readers/conll.ts";
import { json } from "./readers/json.ts";
import { jsonl, ndjson } from "./readers/jsonl.ts";
import { label } from "./readers/label.ts";
import type { BytesReader, Reader } from "./table.ts";

/** Their parsers are large, and loaded where there is such a file. */
const delimited = (["csv", "tsv"] as const).map((name): Reader => ({
  name,
  read: async (text, file) => (await import("./readers/csv.ts"))[name].read(text, file),
}));
const parquet: BytesReader = {
  name: "parquet",
  readBytes: async (...file) => (await import("./readers/parquet.ts")).parquet.readBytes(...file),
};

/** Every file format, by the extension of the file's name. */
export const readers = new Registry<Reader>("file format", [
  jsonl,
  ndjson,
  ...delimited,
  json,
  parquet,
  conll,
  iob,
  bio,
  label,
]);
