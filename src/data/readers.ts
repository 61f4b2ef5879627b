import { Registry } from "../registry.ts";
import { jsonl, ndjson } from "./readers/jsonl.ts";
import type { BytesReader, Reader } from "./table.ts";

/** What only some people's files need is loaded where there is such a file. */
const delimited = (["csv", "tsv"] as const).map((name): Reader => ({
  name,
  read: async (text, file) => (await import("./readers/csv.ts"))[name].read(text, file),
}));
const columns = (["conll", "iob", "bio"] as const).map((name): Reader => ({
  name,
  read: async (text, file) => (await import("./readers/conll.ts"))[name].read(text, file),
}));
const json: Reader = {
  name: "json",
  read: async (text, file) => (await import("./readers/json.ts")).json.read(text, file),
};
const label: BytesReader = {
  name: "label",
  readBytes: async (bytes, file) => (await import("./readers/label.ts")).label.readBytes(bytes, file),
};
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
  ...columns,
  label,
]);
