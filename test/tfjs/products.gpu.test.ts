import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { linear, linearComposed } from "../../src/tfjs/operations/linear.ts";
import { productClass, useVariants, usualVariants, variantFor } from "../../src/tfjs/product_variants.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { freshGpu, testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { squareProduct as square } from "./square_product.ts";

describe("the variant of a product", () => {
  it("goes by its class", () => {
    expect([square(64), square(512), square(512, [2, 1]), square(4, [1, 3])].map(productClass))
      .toEqual(["small", "large", "batched", "batched"]);
  });

  it("is the usual one of the adapter's kind before anything is measured, where the sizes allow it", async () => {
    const gpu = await freshGpu();
    const [software, real] = [{ ...gpu, software: true }, { ...gpu, software: false }];
    expect(variantFor(software, square(64))).toBe("textures");
    expect(variantFor(software, square(36))).toBe("blocks");
    expect(variantFor(real, square(36))).toBe("tiled");
    expect(variantFor(real, square(37))).toBe("general");
  });

  it("is what was chosen", async () => {
    const gpu = await freshGpu();
    useVariants(gpu, { ...usualVariants(gpu), small: "blocks" });
    expect(variantFor(gpu, square(64))).toBe("blocks");
    expect(variantFor(gpu, square(512))).toBe(usualVariants(gpu).large);
  });
});

describe("a linear layer of our products", () => {
  // 64 columns fit textures, 36 vec4, 7 neither.
  it.each([[64, 64], [36, 8], [7, 5], [64, 2]])(
    "of %i inputs and %i outputs agrees with stock operations, with a bias and without",
    async (inputs, outputs) => {
      await useGpu(await testGpu());
      const of = (shape: number[], key: string) =>
        tf.tensor(normalRows(1, shape.reduce((a, b) => a * b), 1, key), shape);
      const all = [of([3, 5, inputs], "x"), of([outputs, inputs], "w"), of([outputs], "b")];
      const upstream = of([3, 5, outputs], "upstream");
      for (const given of [all, all.slice(0, 2)]) {
        const [ours, stock] = [linear, linearComposed].map((operation) => {
          const run = (...each: tf.Tensor[]) => operation(each[0]!, each[1]!, each[2]);
          return [run(...given), ...tf.grads(run)(given, upstream)];
        });
        expect(ours).toHaveLength(given.length + 1);
        for (const [index, own] of ours!.entries()) {
          expect(own.shape).toEqual(stock![index]!.shape);
          expectClose(await own.data(), await stock![index]!.data(), 2e-5, `value or gradient ${index}`);
        }
      }
    },
  );
});
