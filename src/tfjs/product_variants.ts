import { type MatmulShape, type MatmulVariant, matmulVariants } from "../../kernels/matmul/matmul.ts";
import type { Gpu } from "../gpu/device.ts";

/** Products that one variant suits alike: by how many multiply-adds there are, and whether there are many small matrices. */
export const productClasses = ["small", "large", "batched"] as const;
export type ProductClass = (typeof productClasses)[number];

/** Below this many multiply-adds, a product is small. */
const LARGE = 2 ** 24;

export function productClass({ m, n, k, batch: [outer, inner] = [1, 1] }: MatmulShape): ProductClass {
  if (outer * inner > 1) return "batched";
  return m * n * k < LARGE ? "small" : "large";
}

/** The variant for each class. */
export type ProductVariants = Readonly<Record<ProductClass, MatmulVariant>>;

const chosen = new WeakMap<Gpu, ProductVariants>();

/** From now on products on this GPU take these variants, where they can. Which ones changes how long they take and no bit of a result. */
export function useVariants(gpu: Gpu, variants: ProductVariants): void {
  chosen.set(gpu, variants);
}

/** Before anything is measured: what the kind of the adapter suggests. */
export function usualVariants({ software }: Gpu): ProductVariants {
  const usual = software ? "textures" : "tiled";
  return { small: usual, large: usual, batched: usual };
}

/** The variant that a product takes: its class's, else what suits the adapter, else what its sizes allow. */
export function variantFor(gpu: Gpu, shape: MatmulShape): MatmulVariant {
  const possible = matmulVariants(shape);
  const wanted = (chosen.get(gpu) ?? usualVariants(gpu))[productClass(shape)];
  const instead: MatmulVariant[] = gpu.software ? ["blocks"] : ["tiled"];
  return [wanted, ...instead].find((each) => possible.includes(each)) ?? possible.at(-1) ?? "general";
}
