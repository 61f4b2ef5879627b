import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { ByteWriter, type ColumnSource, parquetWrite, type ParquetWriteOptions } from "hyparquet-writer";

/** The writer's, which is of another release of hyparquet than the reader. */
type SchemaElement = NonNullable<ParquetWriteOptions["schema"]>[number];

/** What the `datasets` library writes of a column. */
export type Feature =
  | { readonly _type: "Value"; readonly dtype: string }
  | { readonly _type: "ClassLabel"; readonly names: readonly string[] }
  | { readonly _type: "Sequence"; readonly feature: Feature };

export const text: Feature = { _type: "Value", dtype: "string" };
export const number: Feature = { _type: "Value", dtype: "int64" };
export const classes = (...names: string[]): Feature => ({ _type: "ClassLabel", names });
export const listOf = (feature: Feature): Feature => ({ _type: "Sequence", feature });

interface Layout {
  readonly rowGroupSize?: number;
  readonly codec?: "SNAPPY" | "UNCOMPRESSED" | "GZIP" | "ZSTD" | "BROTLI";
  /** Of every column. */
  readonly encoding?: "BYTE_STREAM_SPLIT";
  readonly pageSize?: number;
  /** Whether values are encoded by how they differ from those before. */
  readonly deltas?: boolean;
}

/**
 * A Parquet file as the `datasets` library writes it: class labels as integers, their names beside.
 *
 * @param said what the file says of its columns, where that is something else
 */
export function parquetFile(
  features: Readonly<Record<string, Feature>>,
  rows: readonly Readonly<Record<string, unknown>>[],
  { deltas = false, encoding, ...layout }: Layout = {},
  said: Readonly<Record<string, Feature>> = features,
): Uint8Array {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    columnData: Object.entries(features).map(([name, feature]): ColumnSource => ({
      name,
      data: rows.map((row) => stored(row[name], feature)),
      ...(encoding ? { encoding } : {}),
      ...(deltas ? { encoding: isText(feature) ? "DELTA_LENGTH_BYTE_ARRAY" : "DELTA_BINARY_PACKED" } : {}),
    })),
    schema: [
      { name: "schema", num_children: Object.keys(features).length },
      ...Object.entries(features).flatMap(([name, feature]) => schemaOf(name, feature)),
    ],
    kvMetadata: [{ key: "huggingface", value: JSON.stringify({ info: { features: said } }) }],
    compressors: {
      GZIP: (page) => new Uint8Array(gzipSync(page)),
      ZSTD: (page) => new Uint8Array(zstdCompressSync(page)),
      BROTLI: (page) => new Uint8Array(brotliCompressSync(page)),
    },
    ...layout,
  });
  return new Uint8Array(writer.getBuffer());
}

function schemaOf(name: string, feature: Feature): SchemaElement[] {
  if (feature._type === "Sequence") {
    return [
      { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      ...schemaOf("element", feature.feature),
    ];
  }
  return [
    isText(feature)
      ? { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" }
      : { name, type: "INT64", repetition_type: "OPTIONAL" },
  ];
}

function stored(cell: unknown, feature: Feature): unknown {
  if (cell === null || cell === undefined) return null;
  if (feature._type === "Sequence") {
    return (cell as unknown[]).map((each) => stored(each, feature.feature));
  }
  if (feature._type === "ClassLabel") return BigInt(feature.names.indexOf(cell as string));
  return feature.dtype === "string" ? cell : BigInt(cell as number);
}

function isText(feature: Feature): boolean {
  if (feature._type === "Sequence") return isText(feature.feature);
  return feature._type === "Value" && feature.dtype === "string";
}
