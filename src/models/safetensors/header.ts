import * as v from "valibot";
import { InputError } from "../../errors.ts";
import { dtypeBytes, type FloatType, isFloat } from "./floats.ts";

/** Where a tensor of floats lies in its file. */
export interface TensorPlace {
  readonly name: string;
  readonly dtype: FloatType;
  readonly shape: readonly number[];
  /** Bytes of the file, the end not included. */
  readonly start: number;
  readonly end: number;
}

/** No header is longer, says the format; a larger number is no length but a mistake. */
const LONGEST_HEADER = 100_000_000;
/** The header's own length, in front of it. */
export const PREAMBLE = 8;

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const entrySchema = v.object({ dtype: v.string(), shape: v.array(count), data_offsets: v.tuple([count, count]) });
type Entry = v.InferOutput<typeof entrySchema>;

/**
 * The length of the header, from the first bytes of a file of `size` bytes.
 *
 * @throws InputError where no header is so long, or the file is shorter
 */
export function headerLength(preamble: Uint8Array, size: number, source: string): number {
  if (preamble.length < PREAMBLE) throw broken(source, "it is shorter than its header");
  const length = new DataView(preamble.buffer, preamble.byteOffset, PREAMBLE).getBigUint64(0, true);
  if (length > BigInt(LONGEST_HEADER) && length <= BigInt(size)) {
    throw broken(source, `its header would be ${length} bytes long`);
  }
  if (length > BigInt(size - PREAMBLE)) throw broken(source, "it is shorter than its header");
  return Number(length);
}

/**
 * The tensors of floats that a header names; others, such as stored position ids, are left out.
 *
 * @throws InputError where the header is none, or the file of `size` bytes cannot be what it says: tensors that overlap, lie outside,
 * leave bytes between or after them, or have another size than their shape
 */
export function parseHeader(json: Uint8Array, size: number, source: string): TensorPlace[] {
  const data = PREAMBLE + json.length;
  const entries = entriesOf(json, source);
  requireCover(entries, size - data, source);
  return entries.flatMap(([name, { dtype, shape, data_offsets: [start, end] }]) =>
    isFloat(dtype) ? [{ name, dtype, shape, start: data + start, end: data + end }] : []
  );
}

function entriesOf(json: Uint8Array, source: string): [name: string, entry: Entry][] {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(json));
  } catch {
    throw broken(source, "its header is not JSON");
  }
  // Not valibot's record, which leaves out tensors whose names are those of an object's own parts, such as `prototype`.
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw broken(source, "its header is not an object");
  }
  return Object.entries(header).filter(([name]) => name !== "__metadata__").map(([name, given]) => {
    const entry = v.safeParse(entrySchema, given);
    if (!entry.success) throw broken(source, `its header does not say what ${name} is`);
    return [name, entry.output];
  });
}

function requireCover(entries: readonly [name: string, entry: Entry][], size: number, source: string): void {
  for (const [name, { dtype, shape, data_offsets: [start, end] }] of entries) {
    const elements = shape.reduce((product, dimension) => product * dimension, 1);
    const isWrong = isFloat(dtype) ? end - start !== elements * dtypeBytes[dtype] : end < start;
    if (isWrong || end > size) throw broken(source, `${name} lies outside of it or has another size than its shape`);
  }
  const inOrder = entries.toSorted(([, a], [, b]) =>
    a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]
  );
  let at = 0;
  let before = "";
  for (const [name, { data_offsets: [start, end] }] of inOrder) {
    if (start < at) throw broken(source, `${name} overlaps ${before}`);
    if (start > at) throw broken(source, `nothing is said of the ${start - at} bytes before ${name}`);
    at = end;
    before = name;
  }
  if (at < size) throw broken(source, `nothing is said of its last ${size - at} bytes`);
}

export function broken(source: string, why: string): InputError {
  return new InputError(`${source} is not a safetensors file: ${why}`);
}
