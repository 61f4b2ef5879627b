import { beforeAll, describe, expect, it } from "vitest";
import { benchProducts, type ProductBenchEvent } from "../../bench/matmul/bench_products.ts";
import { loadJax } from "../../bench/matmul/jax_product.ts";
import type { ProductRow } from "../../bench/matmul/measure_product.ts";
import { matmulShape } from "../../bench/matmul/our_product.ts";
import { operationsOf, type Product } from "../../bench/matmul/product.ts";
import { productTable, variantsTable } from "../../bench/matmul/product_table.ts";
import { products } from "../../bench/matmul/products.ts";
import { matmulVariants } from "../../kernels/matmul/matmul.ts";
import { Interrupted } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { variantFor } from "../../src/tfjs/product_variants.ts";
import { freshGpu } from "../gpu/open_test_gpu.ts";

const effort = { budget: 0, leastRounds: 1, mostRounds: 1, leastSample: 0.1 };
const small: Product = { name: "20x12x8", batch: 1, m: 20, k: 12, n: 8 };
const batched: Product = { name: "3x20x12x8", batch: 3, m: 20, k: 12, n: 8 };

let gpu: Gpu;
let jax: Awaited<ReturnType<typeof loadJax>>;
beforeAll(async () => {
  gpu = await freshGpu();
  jax = await loadJax();
});

function bench(chosen: readonly Product[], isThorough = false, signal = new AbortController().signal, other = jax) {
  const settings = { products: chosen, effort, jax: other, isThorough, signal, now: () => performance.now() };
  return benchProducts(gpu, settings);
}

const rowsOf = (events: readonly ProductBenchEvent[]) =>
  events.flatMap((event) => (event.kind === "row" ? [event.row] : []));

describe("the bench of products", () => {
  it.each([small, batched])(
    "measures $name each way its factors may be stored, where all libraries agree",
    async (product) => {
      const rows = rowsOf(await Array.fromAsync(bench([product], true)));
      expect(rows.map(({ stored }) => stored)).toEqual(["plain", "b transposed", "a transposed"]);
      for (const row of rows) {
        expect(row.shape).toEqual(product.batch === 1 ? [20, 12, 8] : [3, 20, 12, 8]);
        for (const time of [row.ours_ms, row.stock_ms, row.jax_ms]) expect(time).toBeGreaterThan(0);
        expect(row.ratio).toBe(row.stock_ms / row.ours_ms);
        expect(row.gflops).toBeCloseTo(operationsOf(product) / row.ours_ms / 1e6, 12);
        const shape = matmulShape(product, row.stored);
        expect(row.variant).toBe(variantFor(gpu, shape));
        expect(Object.keys(row.variants)).toEqual(matmulVariants(shape));
        expect(row.variants[row.variant]).toBe(row.ours_ms);
      }
    },
  );

  it("measures only the variant that our operations take, unless it is asked for all", async () => {
    for (const { variant, variants } of rowsOf(await Array.fromAsync(bench([small])))) {
      expect(Object.keys(variants)).toEqual([variant]);
    }
  });

  it("goes on without jax-js", async () => {
    const events = benchProducts(gpu, {
      products: [small],
      effort,
      jax: undefined,
      isThorough: false,
      signal: new AbortController().signal,
      now: () => performance.now(),
    });
    expect(rowsOf(await Array.fromAsync(events)).map(({ jax_ms }) => jax_ms)).toEqual([null, null, null]);
  });

  it("stops between products where it is told to", async () => {
    const stopping = new AbortController();
    const seen: string[] = [];
    const measuring = async () => {
      for await (const event of bench([small, batched], false, stopping.signal)) {
        seen.push(event.kind);
        if (event.kind === "row") stopping.abort();
      }
    };
    await expect(measuring()).rejects.toThrow(new Interrupted("interrupted; a bench keeps nothing, and begins anew"));
    expect(seen).toEqual(["measuring", "row"]);
  });

  it("refuses to compare libraries that compute different things", async () => {
    const wrong = { ...jax!, numpy: { ...jax!.numpy, matmul: (x: never, y: never) => jax!.numpy.matmul(x, y).mul(2) } };
    const events = bench([small], false, new AbortController().signal, wrong as unknown as typeof jax);
    await expect(Array.fromAsync(events)).rejects.toThrow(
      /^the bench of 20x12x8: variant \w+ and another library differ by /,
    );
  });

  it("measures the products of BERTs and of attention", () => {
    expect(products.names()).toEqual([
      "512x512x128",
      "512x128x512",
      "512x512x512",
      "512x768x768",
      "512x768x3072",
      "512x3072x768",
      "32x32x64x32",
      "96x64x64x64",
      "512x768x2",
      "16x768x3",
      "512x767x767",
    ]);
    expect(products.get("512x768x3072")).toEqual({ name: "512x768x3072", batch: 1, m: 512, k: 768, n: 3072 });
    expect(products.get("32x32x64x32")).toEqual({ name: "32x32x64x32", batch: 32, m: 32, k: 64, n: 32 });
  });
});

describe("the table of products", () => {
  const row: ProductRow = {
    shape: [512, 768, 3072],
    stored: "b transposed",
    ours_ms: 100,
    stock_ms: 990,
    jax_ms: null,
    ratio: 9.9,
    gflops: 24.2,
    variant: "blocks",
    variants: { blocks: 100, general: 400 },
    empty_ms: 11,
    rounds: 5,
  };

  it("says how much faster, at what rate, and by which variant", () => {
    const [, , line] = productTable([row], 110).split("\n");
    expect(line).toMatch(/^512 x 768 x 3072 +b transposed +100 +990 +- +9\.9 +24\.2 +blocks$/);
  });

  it("lists the variants", () => {
    const [head, , line] = variantsTable([row], 110).split("\n");
    expect(head).toMatch(/blocks, ms +general, ms$/);
    expect(line).toMatch(/ 100 +400$/);
  });

  it("fits a narrow terminal", () => {
    const lines = [...productTable([row], 60).split("\n"), ...variantsTable([row], 60).split("\n")];
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });
});
