import type { Side } from "../measure.ts";
import type { Product, Stored } from "./product.ts";

type Jax = typeof import("@jax-js/jax");

/** Results that wait for the GPU together, of which a bench holds no more than this. */
const MOST_BYTES = 2 ** 29;

/** A product on jax-js, on a device that jax-js opens for itself. */
export interface JaxProduct {
  readonly side: Side;
  result(): Promise<Float32Array>;
  dispose(): void;
}

/** Loads jax-js; undefined where it finds no GPU. */
export async function loadJax(): Promise<Jax | undefined> {
  // Not a literal: no other command should fetch it, and Deno fetches all that it can tell from the text of a program.
  const name = "@jax-js/jax";
  const jax: Jax = await import(name);
  if (!(await jax.init("webgpu")).includes("webgpu")) return undefined;
  jax.defaultDevice("webgpu");
  return jax;
}

/** The product as a user of jax-js would write it: a jitted `matmul`, transposes inside, so that they cost no copy. */
export async function jaxProduct(
  { numpy, jit, blockUntilReady }: Jax,
  { batch, m, k, n }: Product,
  stored: Stored,
  given: { readonly a: Float32Array; readonly b: Float32Array },
): Promise<JaxProduct> {
  const shaped = (rows: number, columns: number) => (batch === 1 ? [rows, columns] : [batch, rows, columns]);
  const a = numpy.array(given.a as Float32Array<ArrayBuffer>, {
    shape: stored === "a transposed" ? shaped(k, m) : shaped(m, k),
  });
  const b = numpy.array(given.b as Float32Array<ArrayBuffer>, {
    shape: stored === "b transposed" ? shaped(n, k) : shaped(k, n),
  });
  const multiply = jit((left: typeof a, right: typeof a) =>
    numpy.matmul(
      stored === "a transposed" ? numpy.matrixTranspose(left) : left,
      stored === "b transposed" ? numpy.matrixTranspose(right) : right,
    )
  );
  const once = () => multiply(a.ref, b.ref);
  const atOnce = Math.max(1, Math.floor(MOST_BYTES / (batch * m * n * 4)));
  const ready = once();
  await blockUntilReady(ready);
  const empty: Side = { name: "empty, jax-js", run: () => blockUntilReady(ready).then(() => {}) };
  return {
    side: {
      name: "jax-js",
      empty,
      async run(times) {
        for (let left = times; left > 0; left -= atOnce) {
          const results = Array.from({ length: Math.min(left, atOnce) }, once);
          await blockUntilReady(results);
          for (const result of results) result.dispose();
        }
      },
    },
    result: async () => await once().data() as Float32Array,
    dispose() {
      for (const array of [ready, a, b]) array.dispose();
      multiply.dispose();
    },
  };
}
