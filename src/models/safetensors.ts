import * as v from "valibot";
import { InputError } from "../errors.ts";

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

type Dtype = "F32" | "F16" | "BF16" | "F64";

const BYTES: Record<Dtype, number> = { F32: 4, F16: 2, BF16: 2, F64: 8 };

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const entrySchema = v.object({ dtype: v.string(), shape: v.array(count), data_offsets: v.tuple([count, count]) });

/**
 * Reads a `.safetensors` file: an 8-byte little-endian header length, a JSON header, the data. Float tensors become float32;
 * others, such as stored position ids, are left out.
 *
 * @throws InputError where the file is not what its header says
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array, source: string): Map<string, NamedTensor> {
  const broken = (why: string) => new InputError(`${source} is not a safetensors file: ${why}`);
  if (bytes.length < 8) throw broken("it is shorter than its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.length - 8) throw broken("it is shorter than its header");
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch {
    throw broken("its header is not JSON");
  }
  // Not valibot's record, which leaves out tensors whose names are those of an object's own parts, such as `prototype`.
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw broken("its header is not an object");
  }
  const tensors = new Map<string, NamedTensor>();
  for (const [name, given] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const entry = v.safeParse(entrySchema, given);
    if (!entry.success) throw broken(`its header does not say what ${name} is`);
    const { dtype, shape, data_offsets: [start, end] } = entry.output;
    if (!isFloat(dtype)) continue;
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (end - start !== size * BYTES[dtype] || 8 + headerLength + end > bytes.length) {
      throw broken(`${name} lies outside of it or has another size than its shape`);
    }
    tensors.set(name, { shape, values: toFloat32(view, 8 + headerLength + start, size, dtype) });
  }
  return tensors;
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
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(SPACE, 8, 8 + headerLength).set(json, 8);
  let at = 8 + headerLength;
  for (const { values } of tensors.values()) {
    values.forEach((value, index) => view.setFloat32(at + index * 4, value, true));
    at += values.byteLength;
  }
  return bytes;
}

function isFloat(dtype: string): dtype is Dtype {
  return Object.hasOwn(BYTES, dtype);
}

function toFloat32(view: DataView, at: number, size: number, dtype: Dtype): Float32Array {
  const read: Record<Dtype, (offset: number) => number> = {
    F32: (offset) => view.getFloat32(offset, true),
    F64: (offset) => view.getFloat64(offset, true),
    F16: (offset) => halfToNumber(view.getUint16(offset, true)),
    BF16: (offset) => bfloatToNumber(view.getUint16(offset, true)),
  };
  return Float32Array.from({ length: size }, (_, index) => read[dtype](at + index * BYTES[dtype]));
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

function bfloatToNumber(bits: number): number {
  word.setUint32(0, bits * 65536);
  return word.getFloat32(0);
}
