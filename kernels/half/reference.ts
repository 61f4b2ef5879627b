const MOST_HALF = 65504;

/** The exponent of the smallest normal float16; below it numbers are as far apart as just above it. */
const LEAST_EXPONENT = -14;
const MANTISSA_BITS = 10;

/**
 * The oracle, in float64: the nearest float16, of two as near the even one. Finite numbers beyond 65504 give 65504, with their sign;
 * infinity and NaN stay.
 */
export function roundToHalf(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const step = 2 ** (Math.max(exponentOf(x), LEAST_EXPONENT) - MANTISSA_BITS);
  const rounded = roundToEven(Math.abs(x) / step) * step;
  return Math.sign(x) * Math.min(rounded, MOST_HALF);
}

/** The bits of that number; 0x7e00 for every NaN. */
export function packHalfReference(x: number): number {
  const half = roundToHalf(x);
  if (Number.isNaN(half)) return 0x7e00;
  const sign = half < 0 || Object.is(half, -0) ? 0x8000 : 0;
  const size = Math.abs(half);
  if (size === Infinity) return sign | 0x7c00;
  if (size < 2 ** LEAST_EXPONENT) return sign | (size / 2 ** (LEAST_EXPONENT - MANTISSA_BITS));
  const exponent = exponentOf(size);
  return sign | ((exponent + 15) << MANTISSA_BITS) | ((size / 2 ** exponent - 1) * 2 ** MANTISSA_BITS);
}

/** The number that the bits of a float16 stand for. */
export function unpackHalfReference(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> MANTISSA_BITS) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * mantissa * 2 ** (LEAST_EXPONENT - MANTISSA_BITS);
  return sign * (1 + mantissa / 2 ** MANTISSA_BITS) * 2 ** (exponent - 15);
}

/** The largest e with 2^e <= |x|. */
function exponentOf(x: number): number {
  let exponent = Math.floor(Math.log2(Math.abs(x)));
  // The logarithm is rounded.
  if (2 ** exponent > Math.abs(x)) exponent--;
  if (2 ** (exponent + 1) <= Math.abs(x)) exponent++;
  return exponent;
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
