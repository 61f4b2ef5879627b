import { loadTable } from "../../src/data/load_file.ts";
import { csv, tsv } from "../../src/data/readers/csv.ts";
import { jsonl } from "../../src/data/readers/jsonl.ts";
import type { Row, SourceFile, Table } from "../../src/data/table.ts";
import { decodeUtf8 } from "../../src/data/utf8.ts";
import { InputError } from "../../src/errors.ts";
import { isTextName, isUsualName } from "./guess_columns.ts";
import { megabytes } from "./megabytes.ts";
import { refuseOtherFormats } from "./other_formats.ts";

/** Bytes of a table, unpacked. The page holds it in memory several times over. */
export const MOST_BYTES = 64 << 20;

/**
 * The table in a file that a person gave: CSV, TSV, JSONL or a list in `.json`, each also with `.gz`; or `.txt`, which is taken as if
 * it were pasted.
 *
 * @throws InputError where it is too large, of another format, or not as that format should be, with its line
 */
export async function readTable(file: SourceFile): Promise<Table> {
  requireSize(file.bytes.length, file.name);
  refuseOtherFormats(file);
  if (/\.txt$/i.test(file.name)) return readPasted(decodeUtf8(file.bytes, file.name), file.name);
  if (/\.gz$/i.test(file.name)) await requireUnpackedSize(file);
  return await loadTable(file);
}

/**
 * The table in a text that a person pasted: JSON Lines, or cells between tabs as spreadsheets copy them, or CSV whose first line
 * names columns by a usual name; else each line is a text.
 *
 * @param name what messages call it
 * @throws InputError where it is empty, or not as its format should be, with its line
 */
export function readPasted(text: string, name = "the pasted text"): Table {
  requireSize(text.length, name);
  const lines = text.split(/\r\n?|\n/);
  const filled = lines.filter((line) => line.trim() !== "");
  const [first] = filled;
  if (first === undefined) throw new InputError(`${name}: there is no text in it`);
  if (isJsonObject(first)) return jsonl.read(text, name);
  const tabs = first.split("\t").length;
  if (tabs > 1 && filled.every((line) => line.split("\t").length === tabs)) return tsv.read(text, name);
  const cells = first.split(",");
  if (cells.length > 1 && cells.some(isUsualName)) return csv.read(text, name);
  return tableOfLines(lines, name);
}

function tableOfLines(lines: readonly string[], file: string): Table {
  const rows: Row[] = lines.flatMap((text, index) =>
    text.trim() === "" ? [] : [{ line: index + 1, cells: new Map([["text", text]]) }]
  );
  const isHeader = rows.length > 1 && isTextName(String(rows[0]!.cells.get("text")));
  return { file, columns: ["text"], rows: isHeader ? rows.slice(1) : rows };
}

function isJsonObject(line: string): boolean {
  if (!line.trimStart().startsWith("{")) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function requireSize(bytes: number, name: string): void {
  if (bytes > MOST_BYTES) throw tooLarge(name, megabytes(bytes));
}

/** Unpacks as far as is allowed, and keeps nothing: a small file may hold an endless one. */
async function requireUnpackedSize({ name, bytes }: SourceFile): Promise<void> {
  const unpacked = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip"));
  let size = 0;
  try {
    for await (const chunk of chunksOf(unpacked)) {
      size += chunk.length;
      if (size > MOST_BYTES) break;
    }
  } catch {
    // Not gzip: the reader says so.
  }
  if (size > MOST_BYTES) throw tooLarge(name, `more than ${megabytes(MOST_BYTES)} unpacked`);
}

/** A stream by its reader: not every browser can loop over one. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // A stream that has failed cannot be cancelled, and need not be.
    await reader.cancel().catch(() => {});
  }
}

function tooLarge(name: string, size: string): InputError {
  return new InputError(
    `${name}: ${size}; the page takes up to ${megabytes(MOST_BYTES)}. Take a part of it, or use the command line`,
  );
}
