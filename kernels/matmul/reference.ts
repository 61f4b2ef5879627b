import type { MatmulShape } from "./matmul.ts";

/** The oracle, in float64: fills `result`, laid out as the shape says, and leaves what lies between its rows as it is. */
export function matmulReference(
  { m, n, k, batch: [outer, inner] = [1, 1], a: x, b: y, result: z, continued = false }: MatmulShape,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
  result: Float64Array,
): Float64Array {
  for (let first = 0; first < outer; first++) {
    for (let second = 0; second < inner; second++) {
      const from = ({ batchStrides }: { readonly batchStrides: readonly [number, number] }) =>
        first * batchStrides[0] + second * batchStrides[1];
      for (let row = 0; row < m; row++) {
        for (let column = 0; column < n; column++) {
          const at = from(z) + row * z.stride + column;
          let sum = continued ? result[at]! : bias?.[column] ?? 0;
          for (let step = 0; step < k; step++) {
            const left = x.transposed ? step * x.stride + row : row * x.stride + step;
            const right = y.transposed ? column * y.stride + step : step * y.stride + column;
            sum += a[from(x) + left]! * b[from(y) + right]!;
          }
          result[at] = sum;
        }
      }
    }
  }
  return result;
}
