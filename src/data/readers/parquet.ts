import { type ColumnMetaData, type FileMetaData, parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import type { RowGroup, SchemaTree } from "hyparquet";
import { InputError, messageOf } from "../../errors.ts";
import { checkPages, NotRead } from "../parquet/check_pages.ts";
import { classNames, named } from "../parquet/class_names.ts";
import { compressors } from "../parquet/compressors.ts";
import { endOfStruct } from "../parquet/thrift.ts";
import type { BytesReader, Row, Table } from "../table.ts";

/** Apache Parquet. Rows are counted where other formats have lines; class labels are names where the file knows them. */
export const parquet = { name: "parquet", readBytes: readParquet } satisfies BytesReader;

const MOST_ROWS = 2 ** 24;
const MOST_SCHEMA = 4096;
/** What the columns that are read may take unpacked. */
const MOST_BYTES = 2 ** 30;
/** `PAR1`, with which a file begins and ends. */
const MAGIC = 0x31524150;
const TAIL = 8;

const utf8 = new TextDecoder("utf-8", { fatal: true });

async function readParquet(bytes: Uint8Array, file: string, wanted?: readonly string[]): Promise<Table> {
  try {
    return await tableOf(bytes.slice(), file, wanted);
  } catch (thrown) {
    if (thrown instanceof InputError) throw thrown;
    if (thrown instanceof NotRead) throw new InputError(`${file}: ${thrown.message}`);
    // hyparquet throws whatever comes about where bytes are not what it takes them for.
    throw new InputError(`${file}: not a Parquet file, or a damaged one: ${messageOf(thrown)}`);
  }
}

async function tableOf(bytes: Uint8Array<ArrayBuffer>, file: string, wanted?: readonly string[]): Promise<Table> {
  const footer = footerOf(bytes);
  const names = classNames(footer.key_value_metadata?.find(({ key }) => key === "huggingface")?.value, file);
  const tree = parquetSchema(footer);
  const columns = tree.children.map(({ element }) => element.name);
  const rows = rowsIn(footer);
  const leaves = new Map(tree.children.map((child) => [child.element.name, leafPath(tree, child)]));
  const read = columns.filter((column) => (wanted === undefined ? leaves.get(column) : wanted.includes(column)));
  const nested = read.find((column) => leaves.get(column) === undefined);
  if (nested !== undefined) throw new InputError(`${file}: column '${nested}' holds structures, which are not read`);
  const metadata = { ...footer, row_groups: checkedGroups(footer, bytes, leaves, read) };
  const slice = (start: number, end?: number) => bytes.slice(start, end).buffer;
  const objects = read.length === 0 ? [] : await parquetReadObjects({
    file: { byteLength: bytes.length, slice },
    metadata,
    columns: read,
    compressors,
    parsers: { stringFromBytes: (value: Uint8Array) => utf8.decode(value) },
  });
  if (read.length > 0 && objects.length !== rows) throw new Error(`${objects.length} rows, where ${rows} are claimed`);
  const cellOf = (object: Record<string, unknown>, column: string, line: number): [string, unknown] => {
    const classes = names.get(column);
    const cell = plain(object[column]);
    return [column, classes === undefined ? cell : named(cell, classes, `${file}:${line}`)];
  };
  return {
    file,
    columns,
    rows: Array.from({ length: rows }, (_, index): Row => ({
      line: index + 1,
      cells: new Map(read.map((column) => cellOf(objects[index]!, column, index + 1))),
    })),
  };
}

/** @throws Error where there is none, or one that claims more than its bytes warrant */
function footerOf(bytes: Uint8Array<ArrayBuffer>): FileMetaData {
  const view = new DataView(bytes.buffer);
  if (
    bytes.length < 4 + TAIL || view.getUint32(0, true) !== MAGIC || view.getUint32(bytes.length - 4, true) !== MAGIC
  ) {
    throw new Error("it does not begin and end as one");
  }
  const end = bytes.length - TAIL;
  const start = end - view.getUint32(end, true);
  if (start < 4) throw new Error("its footer is longer than the file");
  endOfStruct(bytes, start, end);
  const footer = parquetMetadata(bytes.subarray(start), { geoparquet: false });
  if (footer.schema.length > MOST_SCHEMA) throw new Error(`${footer.schema.length} columns`);
  return footer;
}

function rowsIn({ num_rows, row_groups }: FileMetaData): number {
  const rows = Number(num_rows);
  const grouped = row_groups.map((group) => Number(group.num_rows));
  if (!(rows >= 0 && rows <= MOST_ROWS) || grouped.some((each) => !(each >= 0 && each <= rows))) {
    throw new Error(`${rows} rows, where ${MOST_ROWS} are possible at most`);
  }
  if (grouped.reduce((sum, each) => sum + each, 0) !== rows) throw new Error("its parts do not make up its rows");
  return rows;
}

/** The way to the values of a column that holds values, or lists of them; undefined for one that holds structures. */
function leafPath(root: SchemaTree, column: SchemaTree): SchemaTree[] | undefined {
  const path = [root];
  for (let at: SchemaTree | undefined = column; at !== undefined; at = at.children[0]) {
    if (at.children.length > 1) return undefined;
    path.push(at);
  }
  return path;
}

/** The parts of the file with what is read of them, and nothing else that hyparquet could follow. */
function checkedGroups(
  { row_groups }: FileMetaData,
  bytes: Uint8Array<ArrayBuffer>,
  leaves: ReadonlyMap<string, SchemaTree[] | undefined>,
  read: readonly string[],
): RowGroup[] {
  const budget = { bytes: MOST_BYTES };
  return row_groups.map((group) => ({
    num_rows: group.num_rows,
    total_byte_size: group.total_byte_size,
    columns: read.map((column) => {
      const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === column);
      const meta = chunk?.meta_data;
      const path = leaves.get(column)!;
      if (!meta || meta.path_in_schema.join("/") !== path.slice(1).map(({ element }) => element.name).join("/")) {
        throw new Error(`no values of the column '${column}'`);
      }
      const [start, end] = rangeOf(meta);
      if (!(start >= 4 && start <= end && end <= bytes.length - TAIL)) {
        throw new Error(`values from byte ${start} to ${end} of ${bytes.length}`);
      }
      checkPages(bytes.subarray(start, end), meta, path, budget);
      const { statistics: _, bloom_filter_offset: _offset, bloom_filter_length: _length, ...kept } = meta;
      return { file_offset: chunk.file_offset, meta_data: kept };
    }),
  }));
}

/** As hyparquet takes it. */
function rangeOf(meta: ColumnMetaData): [start: number, end: number] {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  return [start, start + Number(meta.total_compressed_size)];
}

/** As JSON would have it. */
function plain(cell: unknown): unknown {
  if (cell === undefined) throw new Error("a place that its dictionary does not have");
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  return Array.isArray(cell) || ArrayBuffer.isView(cell) ? Array.from(cell as unknown[], plain) : cell;
}
