/** Matrix products of one size: `batch` times [m, k] by [k, n]. */
export interface Product {
  /** As the command line names it: "512x768x768", m by k by n, with the batch in front where there is one. */
  readonly name: string;
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** Which factor is stored as its transpose. */
export type Stored = "plain" | "b transposed" | "a transposed";

/** How a linear layer needs its products: forward, for the gradient of its input, for that of its weight. */
export const storedWays: readonly Stored[] = ["plain", "b transposed", "a transposed"];

/** What JSON documents and tables say of the sizes. */
export function sizesOf({ batch, m, k, n }: Product): number[] {
  return batch === 1 ? [m, k, n] : [batch, m, k, n];
}

/** Additions and multiplications. */
export function operationsOf({ batch, m, k, n }: Product): number {
  return 2 * batch * m * k * n;
}
