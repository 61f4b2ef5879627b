import { expect, it } from "vitest";
import { matmulVariants } from "../../kernels/matmul/matmul.ts";
import { measureVariants } from "../../src/tfjs/measure_variants.ts";
import { productClasses } from "../../src/tfjs/product_variants.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { squareProduct } from "./square_product.ts";

// Not in Chromium, whose software adapter compiles all of them for most of a minute: the variants themselves are tested there.
it("the variant of a product that is measured is one that can compute the class", async () => {
  // Each look at this clock takes longer than all before it, so that one sample is always long enough.
  let ticks = 100;
  const measured = await measureVariants(await testGpu(), () => ticks += ticks);
  expect(Object.keys(measured)).toEqual([...productClasses]);
  for (const variant of Object.values(measured)) expect(matmulVariants(squareProduct(64))).toContain(variant);
});
