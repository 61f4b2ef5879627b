/** The types of floats that a file may hold, and how they become float32. */
export type FloatType = "F32" | "F16" | "BF16" | "F64";

export const dtypeBytes: Readonly<Record<FloatType, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8 };

export function isFloat(dtype: string): dtype is FloatType {
  return Object.hasOwn(dtypeBytes, dtype);
}

/** Of little-endian bytes that belong to nobody else: those of float32 are the result themselves, where they lie so that they can be. */
export function toFloat32(bytes: Uint8Array, dtype: FloatType): Float32Array {
  const size = dtypeBytes[dtype];
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const count = length / size;
  if (dtype === "F32") return new Float32Array(buffer, byteOffset, count);
  if (dtype === "F64") return Float32Array.from(new Float64Array(buffer, byteOffset, count));
  return (dtype === "F16" ? halves : bfloats)(new Uint16Array(buffer, byteOffset, count));
}

/** Brain floats are the upper halves of float32. */
function bfloats(values: Uint16Array): Float32Array {
  const words = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index++) words[index] = values[index]! << 16;
  return new Float32Array(words.buffer);
}

let halfValues: Float32Array | undefined;

function halves(values: Uint16Array): Float32Array {
  halfValues ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits));
  const result = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) result[index] = halfValues[values[index]!]!;
  return result;
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
