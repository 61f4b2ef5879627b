import type { MatmulShape } from "../../kernels/matmul/matmul.ts";

/** The product of square matrices without padding, of several where a batch is given. */
export function squareProduct(size: number, batch: readonly [number, number] = [1, 1]): MatmulShape {
  const matrix = { stride: size, batchStrides: [size * size, size * size] } as const;
  return {
    m: size,
    n: size,
    k: size,
    batch,
    a: { transposed: false, ...matrix },
    b: { transposed: false, ...matrix },
    result: matrix,
  };
}
