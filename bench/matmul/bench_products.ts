import { Interrupted } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { useStock } from "../../src/tfjs/stock.ts";
import { measureProduct, type ProductMeasuring, type ProductRow } from "./measure_product.ts";
import { type Product, type Stored, storedWays } from "./product.ts";

/** What happens while products are measured, in order. */
export type ProductBenchEvent =
  /** One begins; `done` of `of` are measured. */
  | { readonly kind: "measuring"; readonly product: Product; readonly stored: Stored; done: number; of: number }
  | { readonly kind: "row"; readonly product: Product; readonly row: ProductRow };

export interface ProductBench extends ProductMeasuring {
  readonly products: readonly Product[];
  readonly signal: AbortSignal;
}

/** Measures every product in each of the ways that its factors may be stored, in one run. */
export async function* benchProducts(
  gpu: Gpu,
  { products, signal, ...measuring }: ProductBench,
): AsyncGenerator<ProductBenchEvent, void> {
  const stock = await useStock(gpu);
  const all = products.flatMap((product) => storedWays.map((stored) => ({ product, stored })));
  for (const [done, { product, stored }] of all.entries()) {
    if (signal.aborted) throw new Interrupted("interrupted; a bench keeps nothing, and begins anew");
    yield { kind: "measuring", product, stored, done, of: all.length };
    yield { kind: "row", product, row: await measureProduct(gpu, stock, product, stored, measuring) };
  }
}
