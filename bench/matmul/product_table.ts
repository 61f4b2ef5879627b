import { textTable, wrapped } from "../../src/report/text_table.ts";
import type { ProductRow } from "./measure_product.ts";

/** Each variant of ours at each product, in milliseconds. */
export function variantsTable(rows: readonly ProductRow[], columns: number): string {
  const names = [...new Set(rows.flatMap(({ variants }) => Object.keys(variants)))];
  const head = ["product", "stored", ...names.map((name) => `${name}, ms`)];
  const cells = rows.map(({ shape, stored, variants }) => [
    shape.join(" x "),
    stored,
    ...names.map((name) => (name in variants ? milliseconds(variants[name]!) : "-")),
  ]);
  const sides = head.map((_, column) => (column < 2 ? "left" : "right"));
  return [...textTable(head, cells, sides, columns), ""].join("\n");
}

/** The rows as a table for people, and what its columns mean. */
export function productTable(rows: readonly ProductRow[], columns: number): string {
  const head = ["product", "stored", "ours, ms", "stock, ms", "jax-js, ms", "times faster", "GFLOP/s", "variant"];
  const cells = rows.map((row) => [
    row.shape.join(" x "),
    row.stored,
    milliseconds(row.ours_ms),
    milliseconds(row.stock_ms),
    row.jax_ms === null ? "-" : milliseconds(row.jax_ms),
    row.ratio.toFixed(1),
    row.gflops.toFixed(1),
    row.variant,
  ]);
  const sides = head.map((_, column) => (column < 2 || column === 7 ? "left" : "right"));
  const notes = [
    "product: m x k x n, with the number of products in front where there are several. Medians over turns, warm; what an empty " +
    "submission costs is off every time.",
    "ours: the variant that our operations take here. stock: TensorFlow.js' matMul on its own backend and this device; of a transposed " +
    "factor, the faster of the flag and of transposing it first. jax-js: a jitted matmul on a device of its own. times faster: than stock.",
  ];
  return [...textTable(head, cells, sides, columns), "", ...notes.flatMap((note) => wrapped(note, columns)), ""]
    .join("\n");
}

function milliseconds(time: number): string {
  return time >= 100 ? time.toFixed(0) : time >= 1 ? time.toFixed(2) : time.toFixed(3);
}
