import { matMul, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** Where rows lie along their two directions of greatest variance. */
export interface Plane {
  /** [rows]: along the first and the second principal component. */
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Enough for a picture: what two directions of near the same variance still mix, a reader cannot see. */
const ITERATIONS = 24;

/** What varies by less than this part of the greatest value varies by rounding. */
const ROUNDING = 1e-5;

/**
 * The first two principal components of rows: their covariance on the GPU, in one product, since that alone grows with the square of the
 * width times the rows; then orthogonal iteration in float64. The sign of a component is free; the one is chosen whose greatest loading is
 * positive. Data without a second direction, or any, have zeros there.
 *
 * @param values [rows, width]
 * @see Golub and Van Loan, Matrix Computations, section 8.2.4
 */
export async function principalComponents(values: Float32Array, width: number): Promise<Plane> {
  if (values.length === 0) return { x: new Float32Array(), y: new Float32Array() };
  const centred = centre(values, width);
  const [first, second] = directions(await productWithItself(centred, width), width);
  const least = ROUNDING * greatest(values);
  return { x: along(first, centred, least), y: along(second, centred, least) };
}

function centre(values: Float32Array, width: number): Float32Array {
  const means = new Float64Array(width);
  const rows = values.length / width;
  values.forEach((value, index) => means[index % width]! += value / rows);
  return values.map((value, index) => value - means[index % width]!);
}

/** [width, width]: the covariance, but for a factor. */
async function productWithItself(rows: Float32Array, width: number): Promise<ArrayLike<number>> {
  const product = tidy(() => {
    const matrix = tensor2d(rows, [rows.length / width, width]);
    return matMul(matrix, matrix, true, false);
  });
  try {
    return await product.data();
  } finally {
    product.dispose();
  }
}

/** The two leading eigenvectors of a symmetric matrix; zeros where there is none. */
function directions(matrix: ArrayLike<number>, width: number): [Float64Array, Float64Array] {
  // A start that no usual data are at right angles to.
  let first = unit(Float64Array.from({ length: width }, (_, index) => Math.cos(1 + index * index * 0.7)));
  let second = beside(first, Float64Array.from({ length: width }, (_, index) => Math.sin(2 + index * index * 0.3)));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    first = unit(times(matrix, first));
    second = beside(first, times(matrix, second));
  }
  return [signed(first), signed(second)];
}

function times(matrix: ArrayLike<number>, vector: Float64Array): Float64Array {
  const width = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let column = 0; column < width; column++) sum += matrix[row * width + column]! * vector[column]!;
    return sum;
  });
}

/** Of a vector what is at right angles to another, of unit length. */
function beside(other: Float64Array, vector: Float64Array): Float64Array {
  const shared = dot(other, vector);
  return unit(vector.map((value, index) => value - shared * other[index]!));
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function signed(vector: Float64Array): Float64Array {
  const leading = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return leading < 0 ? vector.map((value) => -value) : vector;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

/** How far each row lies along a direction; nowhere does where none is further than `least`. */
function along(direction: Float64Array, rows: Float32Array, least: number): Float32Array {
  const width = direction.length;
  const places = new Float32Array(rows.length / width).map((_, row) => {
    let sum = 0;
    for (let column = 0; column < width; column++) sum += rows[row * width + column]! * direction[column]!;
    return sum;
  });
  return greatest(places) > least ? places : places.fill(0);
}

function greatest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
