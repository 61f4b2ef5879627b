import {
  add,
  concat,
  div,
  matMul,
  mean,
  mul,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";

/** Where rows lie along their two directions of greatest variance. */
export interface Plane {
  /** [rows]: along the first and the second principal component. */
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Enough for a picture: what two directions of near the same variance still mix, a reader cannot see. */
const ITERATIONS = 24;

/** Added to squared lengths, so that data without a second direction, or any, give zeros. */
const TINY = 1e-20;

/**
 * The first two principal components of rows, on the GPU: the covariance matrix by one product, then orthogonal iteration. The sign of a
 * component is free; the one is chosen whose greatest loading is positive.
 *
 * @param values [rows, width]
 * @see Golub and Van Loan, Matrix Computations, section 8.2.4
 */
export async function principalComponents(values: Float32Array, width: number): Promise<Plane> {
  const rows = values.length / width;
  if (rows === 0) return { x: new Float32Array(), y: new Float32Array() };
  const [coordinates, directions] = tidy(() => {
    const centred = centre(tensor2d(values, [rows, width]));
    const covariance = div(matMul(centred, centred, true, false), rows) as Tensor2D;
    let basis = startOf(width);
    for (let iteration = 0; iteration < ITERATIONS; iteration++) basis = orthonormal(matMul(covariance, basis), width);
    return [matMul(centred, basis) as Tensor2D, basis];
  });
  try {
    const [flat, loadings] = await Promise.all([coordinates.data(), directions.data()]);
    const column = (index: number) => {
      const sign = signOf(loadings, index);
      return Float32Array.from({ length: rows }, (_, row) => sign * flat[row * 2 + index]!);
    };
    return { x: column(0), y: column(1) };
  } finally {
    coordinates.dispose();
    directions.dispose();
  }
}

function centre(rows: Tensor2D): Tensor2D {
  return sub(rows, mean(rows, 0, true));
}

/** Two directions that no usual data are at right angles to. */
function startOf(width: number): Tensor2D {
  const entries = Float32Array.from({ length: width * 2 }, (_, index) => Math.cos(1 + index * index * 0.7));
  return orthonormal(tensor2d(entries, [width, 2]), width);
}

/** Gram-Schmidt. */
function orthonormal(columns: Tensor, width: number): Tensor2D {
  const [first, second] = [0, 1].map((index) => slice(columns, [0, index], [width, 1]) as Tensor2D) as [
    Tensor2D,
    Tensor2D,
  ];
  const u = unit(first);
  const v = unit(sub(second, mul(u, matMul(u, second, true, false))));
  return concat([u, v], 1);
}

function unit(column: Tensor2D): Tensor2D {
  return div(column, sqrt(add(sum(mul(column, column)), TINY)));
}

function signOf(loadings: ArrayLike<number>, index: number): number {
  let greatest = 0;
  for (let at = index; at < loadings.length; at += 2) {
    if (Math.abs(loadings[at]!) > Math.abs(greatest)) greatest = loadings[at]!;
  }
  return greatest < 0 ? -1 : 1;
}
