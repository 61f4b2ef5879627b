import { Registry } from "../../src/registry.ts";
import type { Product } from "./product.ts";

/**
 * The products of a BERT of 512 tokens a batch at hidden sizes 128 to 768, and those of attention's heads; then sizes that are no
 * multiples of 4: tagging of two classes, a head of three, and 767, which nothing likes.
 */
export const products = new Registry<Product>("product", [
  product(512, 512, 128),
  product(512, 128, 512),
  product(512, 512, 512),
  product(512, 768, 768),
  product(512, 768, 3072),
  product(512, 3072, 768),
  product(32, 64, 32, 32),
  product(64, 64, 64, 96),
  product(512, 768, 2),
  product(16, 768, 3),
  product(512, 767, 767),
]);

function product(m: number, k: number, n: number, batch = 1): Product {
  const sizes = batch === 1 ? [m, k, n] : [batch, m, k, n];
  return { name: sizes.join("x"), batch, m, k, n };
}
