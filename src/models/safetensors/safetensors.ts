import type { OpenFile } from "../../host.ts";
import { toFloat32 } from "./floats.ts";
import { headerLength, parseHeader, PREAMBLE } from "./header.ts";

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A tensor that is still in its file. */
export interface StoredTensor {
  /** How a person finds that. */
  readonly source: string;
  readonly shape: readonly number[];
  read(): Promise<Float32Array>;
}

/**
 * The tensors of floats of a `.safetensors` file: an 8-byte little-endian header length, a JSON header, the data. Only the header is
 * read before a tensor is asked for.
 *
 * @throws InputError where the file is not what its header says
 * @see https://github.com/huggingface/safetensors#format
 */
export async function openSafetensors(file: OpenFile, source: string): Promise<Map<string, StoredTensor>> {
  const length = headerLength(await file.read(0, Math.min(PREAMBLE, file.size)), file.size, source);
  const places = parseHeader(await file.read(PREAMBLE, PREAMBLE + length), file.size, source);
  return new Map(places.map(({ name, shape, dtype, start, end }) => [name, {
    source,
    shape,
    read: async () => toFloat32(await file.read(start, end), dtype),
  }]));
}

/** The same of a file's bytes, all at once. */
export function readSafetensors(bytes: Uint8Array, source: string): Map<string, NamedTensor> {
  const length = headerLength(bytes.subarray(0, PREAMBLE), bytes.length, source);
  const places = parseHeader(bytes.subarray(PREAMBLE, PREAMBLE + length), bytes.length, source);
  return new Map(places.map(({ name, shape, dtype, start, end }) => [name, {
    shape,
    values: toFloat32(bytes.slice(start, end), dtype),
  }]));
}

const SPACE = 0x20;

/** Writes float32 tensors, in the order given; the header is padded with spaces so that the data are aligned. */
export function writeSafetensors(tensors: ReadonlyMap<string, NamedTensor>): Uint8Array {
  let offset = 0;
  const header: Record<string, unknown> = Object.assign(Object.create(null), { __metadata__: { format: "pt" } });
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(PREAMBLE + length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(SPACE, PREAMBLE, PREAMBLE + length).set(json, PREAMBLE);
  let at = PREAMBLE + length;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
