import { dispose, matMul, type Tensor, tensor, transpose } from "@tensorflow/tfjs-core";
import { matmulVariants } from "../../kernels/matmul/matmul.ts";
import { Failure } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { variantFor } from "../../src/tfjs/product_variants.ts";
import type { StockBackend } from "../../src/tfjs/stock.ts";
import { normals } from "../kernels/inputs.ts";
import { compare, type Effort, type Side } from "../measure.ts";
import { jaxProduct, type loadJax } from "./jax_product.ts";
import { matmulShape, OurProduct } from "./our_product.ts";
import { operationsOf, type Product, sizesOf, type Stored } from "./product.ts";

/** What one product took, three ways. Times are medians in milliseconds, the cost of an empty submission taken off. */
export interface ProductRow {
  /** [m, k, n], or [batch, m, k, n]. */
  readonly shape: readonly number[];
  readonly stored: Stored;
  /** Of the variant that our operations take here. */
  readonly ours_ms: number;
  /** TensorFlow.js' own; where a factor is stored transposed, the faster of saying so and of transposing it first. */
  readonly stock_ms: number;
  /** Null where jax-js found no GPU. */
  readonly jax_ms: number | null;
  /** stock_ms / ours_ms. */
  readonly ratio: number;
  /** Ours: thousands of millions of additions and multiplications a second. */
  readonly gflops: number;
  readonly variant: string;
  /** Variants of ours that were measured, in milliseconds. */
  readonly variants: Readonly<Record<string, number>>;
  readonly empty_ms: number;
  readonly rounds: number;
}

export interface ProductMeasuring {
  readonly effort: Effort;
  /** What {@link loadJax} gave. */
  readonly jax: Awaited<ReturnType<typeof loadJax>>;
  /** Whether every variant of ours that can compute a product is measured, and not only the one that our operations take. */
  readonly isThorough: boolean;
  now(): number;
}

/** How far two ways may be apart, relative to the largest element. */
const TOLERANCE = 1e-4;

/**
 * Measures one product on our kernel, on the stock backend and on jax-js, in turns. Its factors are the same for all three, and
 * stay where they are.
 *
 * @throws Failure where they do not give the same
 * @throws GpuFault where the GPU refused any of it
 */
export function measureProduct(
  gpu: Gpu,
  stock: StockBackend,
  product: Product,
  stored: Stored,
  measuring: ProductMeasuring,
): Promise<ProductRow> {
  return stock.scope(() => measure(gpu, stock, product, stored, measuring));
}

async function measure(
  gpu: Gpu,
  stock: StockBackend,
  product: Product,
  stored: Stored,
  { effort, jax, isThorough, now }: ProductMeasuring,
): Promise<ProductRow> {
  const { device, faults } = gpu;
  const { batch, m, k, n } = product;
  const given = { a: normals([batch, m, k], "a"), b: normals([batch, k, n], "b") };
  const shape = matmulShape(product, stored);
  const releases: (() => void)[] = [];
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  try {
    const ours = new OurProduct(gpu, shape, given);
    releases.push(() => ours.dispose());
    const theirs = jax && await jaxProduct(jax, product, stored, given);
    if (theirs) releases.push(() => theirs.dispose());
    const works = stockWorks(product, stored, given);
    const stockSides = works.map((work): Side => ({
      name: "stock",
      async run(times) {
        for (let time = 0; time < times; time++) dispose(work());
        stock.flush();
        await device.queue.onSubmittedWorkDone();
      },
    }));
    const variant = variantFor(gpu, shape);
    const ownSides = (isThorough ? matmulVariants(shape) : [variant]).map((each) => ours.side(each));
    for (const side of ownSides) {
      await side.run(1);
      const own = await ours.result();
      for (const work of works) requireSame(product, side.name, own, await work().data() as Float32Array);
      if (theirs) requireSame(product, side.name, own, await theirs.result());
    }

    const sides = [...ownSides, ...stockSides, ...(theirs ? [theirs.side] : [])];
    const { timings, empty, rounds } = await compare(sides, emptyOn(device), effort, now);
    const timeOf = (side: Side) => timings[sides.indexOf(side)]!.median;
    const oursMs = timeOf(ownSides.find(({ name }) => name === variant)!);
    const stockMs = Math.min(...stockSides.map(timeOf));
    return {
      shape: sizesOf(product),
      stored,
      ours_ms: oursMs,
      stock_ms: stockMs,
      jax_ms: theirs ? timeOf(theirs.side) : null,
      ratio: stockMs / oursMs,
      gflops: operationsOf(product) / oursMs / 1e6,
      variant,
      variants: Object.fromEntries(ownSides.map((side) => [side.name, timeOf(side)])),
      empty_ms: empty,
      rounds,
    };
  } finally {
    for (const release of releases) release();
    for (let scope = 0; scope < 2; scope++) faults.watch(device.popErrorScope(), () => `the bench of ${product.name}`);
    await faults.settle();
  }
}

/** The ways in which a user of TensorFlow.js may write it. */
function stockWorks(
  { batch, m, k, n }: Product,
  stored: Stored,
  given: { readonly a: Float32Array; readonly b: Float32Array },
): (() => Tensor)[] {
  const shaped = (values: Float32Array, rows: number, columns: number) =>
    tensor(values, batch === 1 ? [rows, columns] : [batch, rows, columns]);
  const [isATransposed, isBTransposed] = [stored === "a transposed", stored === "b transposed"];
  const a = isATransposed ? shaped(given.a, k, m) : shaped(given.a, m, k);
  const b = isBTransposed ? shaped(given.b, n, k) : shaped(given.b, k, n);
  const turned = (x: Tensor) => transpose(x, batch === 1 ? [1, 0] : [0, 2, 1]);
  const multiply = () => matMul(a, b, isATransposed, isBTransposed);
  if (stored === "plain") return [multiply];
  const turnFirst = () => {
    const factor = turned(isATransposed ? a : b);
    const result = isATransposed ? matMul(factor, b) : matMul(a, factor);
    factor.dispose();
    return result;
  };
  return [multiply, turnFirst];
}

function emptyOn(device: GPUDevice): Side {
  return {
    name: "empty",
    async run() {
      device.queue.submit([device.createCommandEncoder().finish()]);
      await device.queue.onSubmittedWorkDone();
    },
  };
}

function requireSame({ name }: Product, variant: string, ours: Float32Array, other: Float32Array): void {
  let largest = 0;
  let difference = 0;
  ours.forEach((value, index) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - other[index]!));
  });
  if (difference <= TOLERANCE * largest) return;
  throw new Failure(
    `the bench of ${name}: variant ${variant} and another library differ by ${difference}, so comparing their times means nothing`,
  );
}
