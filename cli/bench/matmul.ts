import { benchProducts, type ProductBench } from "../../bench/matmul/bench_products.ts";
import { full, quick } from "../../bench/matmul/efforts.ts";
import { loadJax } from "../../bench/matmul/jax_product.ts";
import type { ProductRow } from "../../bench/matmul/measure_product.ts";
import { productTable, variantsTable } from "../../bench/matmul/product_table.ts";
import { products } from "../../bench/matmul/products.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { denoClock } from "../host/deno_clock.ts";
import { openTunedDevice } from "../host/open_gpu.ts";
import { StatusLine } from "../run/status_line.ts";
import type { Bench } from "./bench.ts";
import { follow, type Step } from "./follow.ts";

export const matmul: Bench = {
  name: "matmul",
  hasKernels: true,
  async run({ names, quick: isQuick, json, kernels, ...choice }, io) {
    const chosen = names.length === 0 ? products.entries() : names.map((name) => products.get(name));
    const gpu = await openTunedDevice(choice);
    const adapter = `${gpu.name}${gpu.software ? ", a software adapter" : ""}`;
    const progress = new StatusLine(io);
    progress.line(`measuring matrix products on ${adapter}`);
    const jax = await loadJax();
    if (!jax) progress.line("jax-js is not measured: it found no GPU");
    const now = () => denoClock.now();
    const effort = isQuick ? quick : full;
    const rows = await follow(
      steps(gpu, { products: chosen, jax, effort, isThorough: kernels, signal: io.signal, now }),
      progress,
      now,
    );
    io.out(
      json
        ? JSON.stringify({ adapter: gpu.name, software: gpu.software, quick: isQuick, rows }, null, 2) + "\n"
        : `${adapter}\n\n${
          [productTable(rows, io.columns), ...(kernels ? [variantsTable(rows, io.columns)] : [])].join("\n")
        }`,
    );
  },
};

async function* steps(gpu: Gpu, bench: ProductBench): AsyncGenerator<Step<ProductRow>> {
  for await (const event of benchProducts(gpu, bench)) {
    if (event.kind === "row") {
      const { row: { stored, ratio }, product: { name } } = event;
      yield { row: event.row, line: `${name}, ${stored}: ${ratio.toFixed(1)} times faster than stock` };
    } else {
      const { product: { name }, stored, done, of } = event;
      yield { what: `${name}, ${stored}, ${done + 1} of ${of}`, done: done / of };
    }
  }
}
