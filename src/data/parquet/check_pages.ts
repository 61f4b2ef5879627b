import type { ColumnMetaData, PageHeader, SchemaTree } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { compressors } from "./compressors.ts";
import { endOfStruct } from "./thrift.ts";

/**
 * Checks the pages of a column before hyparquet decodes them. It trusts the counts in them: a run that claims 2^30 values, a page of
 * negative size or a list of a billion levels, as a flipped bit makes them, would take all memory or never end.
 */

/** What the columns of a file may still unpack to, in bytes. */
export interface Budget {
  bytes: number;
}

/** No page is refused up to this size, however few bytes it is packed into; beyond it, the packed ones count. */
const ANY_PAGE = 2 ** 20;
/** gzip packs no better. */
const MOST_PACKED = 1024;
/** A column of this many equal values takes a few bytes. */
const ANY_COUNT = 2 ** 20;
const MOST_VALUES_A_BYTE = 4096;

/** A file is in order, and uses what is not read. */
export class NotRead extends Error {
  override readonly name = "NotRead";
}

/** @throws Error where a page claims more than its bytes warrant, or is encoded in a way that is not read */
export function checkPages(
  bytes: Uint8Array<ArrayBuffer>,
  meta: ColumnMetaData,
  path: SchemaTree[],
  budget: Budget,
): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  if (!["UNCOMPRESSED", "SNAPPY", ...Object.keys(compressors)].includes(meta.codec)) {
    throw new NotRead(`it is packed by ${meta.codec}, which is not read. Snappy, gzip and Zstandard are`);
  }
  let values = 0;
  while (reader.offset < bytes.length - 1) {
    endOfStruct(bytes, reader.offset);
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    within(packed, bytes.length - reader.offset, "bytes of a page");
    within(unpacked, Math.min(budget.bytes, ANY_PAGE + packed * MOST_PACKED), "bytes of a page, unpacked");
    budget.bytes -= unpacked;
    const page = bytes.subarray(reader.offset, reader.offset + packed);
    reader.offset += packed;
    const claimed = countOf(header);
    values += within(claimed, ANY_COUNT + bytes.length * MOST_VALUES_A_BYTE - values, "values");
    if (header.type === "DICTIONARY_PAGE") within(claimed, unpacked * 8, "values of a dictionary");
    else if (header.data_page_header_v2) checkSecond(page, header, meta, path);
    else checkFirst(page, header, meta, path);
  }
}

function countOf(header: PageHeader): number {
  const page = header.dictionary_page_header ?? header.data_page_header_v2 ?? header.data_page_header;
  if (page === undefined) throw new Error("a page that holds no values");
  return page.num_values;
}

/** A data page as files mostly have it: all of it packed, with the length of the levels before them. */
function checkFirst(page: Uint8Array<ArrayBuffer>, header: PageHeader, meta: ColumnMetaData, path: SchemaTree[]): void {
  const { num_values: count, encoding } = header.data_page_header!;
  const bytes = decompressPage(page, header.uncompressed_page_size, meta.codec, compressors);
  const cursor = new Cursor(bytes);
  cursor.levels(getMaxRepetitionLevel(path), count);
  checkValues(cursor, encoding, meta, count - cursor.levels(getMaxDefinitionLevel(path), count), true);
}

/** A data page of the second version: levels stand before what is packed, and the header knows their lengths. */
function checkSecond(page: Uint8Array<ArrayBuffer>, header: PageHeader, meta: ColumnMetaData, path: SchemaTree[]) {
  const { num_values: count, num_nulls: nulls, num_rows, encoding, is_compressed, ...lengths } = header
    .data_page_header_v2!;
  within(nulls, count, "nulls");
  within(num_rows, count, "rows");
  const repetitions = within(lengths.repetition_levels_byte_length, page.length, "bytes of levels");
  const definitions = within(lengths.definition_levels_byte_length, page.length - repetitions, "bytes of levels");
  const levels = repetitions + definitions;
  const cursor = new Cursor(page);
  cursor.levels(getMaxRepetitionLevel(path), count, repetitions);
  cursor.at = repetitions;
  cursor.levels(getMaxDefinitionLevel(path), count, definitions);
  const unpacked = within(header.uncompressed_page_size - levels, Infinity, "bytes of values");
  const packed = page.subarray(levels);
  const values = is_compressed !== false && unpacked > 0
    ? decompressPage(packed, unpacked, meta.codec, compressors)
    : packed;
  checkValues(new Cursor(values), encoding, meta, count - nulls, false);
}

function checkValues(cursor: Cursor, encoding: string, meta: ColumnMetaData, count: number, isFirst: boolean): void {
  if (encoding === "PLAIN") within(count, cursor.left * 8, "values");
  else if (encoding.startsWith("DELTA_") && encoding !== "DELTA_BYTE_ARRAY") cursor.deltas(count);
  else if (meta.type === "BOOLEAN" && encoding === "RLE") cursor.runs(1, count, cursor.length());
  else if (encoding !== "RLE_DICTIONARY" && encoding !== "PLAIN_DICTIONARY") {
    throw new NotRead(`a column is encoded as ${encoding}, which is not read`);
  } else if (count > 0) {
    const width = within(cursor.byte(), 32, "bits of a place in the dictionary");
    if (width > 0 || !isFirst) cursor.runs(width, count, cursor.left);
  }
}

class Cursor {
  at = 0;
  readonly view: DataView<ArrayBuffer>;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.view.byteLength - this.at;
  }

  byte(): number {
    return this.view.getUint8(this.at++);
  }

  length(): number {
    this.at += 4;
    return within(this.view.getUint32(this.at - 4, true), this.left, "bytes of levels");
  }

  /** Passes levels, of which there are none where the highest is 0. Gives how many are below the highest. */
  levels(highest: number, count: number, given?: number): number {
    if (highest === 0) return 0;
    const length = given ?? this.length();
    const width = 32 - Math.clz32(highest);
    const start = this.at;
    this.runs(width, count, length);
    const levels = new Array<number>(count);
    readRleBitPackedHybrid({ view: this.view, offset: start }, width, levels, length);
    this.at = start + length;
    return levels.reduce((below, level) => below + (level === highest ? 0 : 1), 0);
  }

  /** Passes runs of equal values and packed ones, `count` values in all, that take at most `length` bytes. */
  runs(width: number, count: number, length: number): void {
    const end = this.at + length;
    for (let seen = 0; seen < count;) {
      const header = this.#varint(end);
      const isPacked = header % 2 === 1;
      const values = isPacked ? (header >>> 1) * 8 : header >>> 1;
      // Packed values come in eights, and some writers fill up hundreds; they must be there then.
      if (!isPacked || width === 0) within(values, count - seen, "values of a run");
      if (values === 0) throw new Error("a run of no values");
      const bits = (isPacked ? Math.min(values, count - seen) : 1) * width;
      this.at += within(Math.ceil(bits / 8), end - this.at, "bytes of a run");
      seen += values;
    }
  }

  /** Passes blocks of differences, `count` values in all. */
  deltas(count: number): void {
    const end = this.at + this.left;
    const [size, blocks] = [this.#varint(end), this.#varint(end)];
    within(blocks, Math.min(size, this.left), "parts of a block");
    const values = size / blocks;
    if (!Number.isInteger(values)) throw new Error(`blocks of ${size} values in ${blocks} parts`);
    for (const _of of ["count", "first value"]) this.#varint(end, 10);
    for (let seen = 1; seen < count;) {
      this.#varint(end, 10);
      const widths = this.at;
      this.at += within(blocks, end - this.at, "parts of a block");
      for (let part = 0; part < blocks && seen < count; part++, seen += values) {
        const width = within(this.view.getUint8(widths + part), 64, "bits of a difference");
        this.at += within(Math.ceil(width * values / 8), end - this.at, "bytes of differences");
      }
    }
  }

  #varint(end: number, longest = 5): number {
    let value = 0;
    for (let place = 0; place < longest; place++) {
      if (this.at >= end) throw new Error("values that end too early");
      const byte = this.byte();
      value += (byte & 127) * 2 ** (7 * place);
      if (byte < 128) return longest > 5 ? value : within(value, 2 ** 31 - 1, "values of a run");
    }
    throw new Error("a number without end");
  }
}

function within(value: number, most: number, what: string): number {
  if (value >= 0 && value <= most) return value;
  throw new Error(`${value} ${what}, where ${most} are possible at most`);
}
