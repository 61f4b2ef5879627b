import { textTable, wrapped } from "../../src/report/text_table.ts";
import type { KernelRow } from "./measure_case.ts";

/** The rows as a table for people, and what its columns mean. */
export function kernelTable(rows: readonly KernelRow[], columns: number): string {
  const head = ["kernel", "shape", "ours, ms", "stock, ms", "times faster", "copies", "reads", "GB/s"];
  const cells = rows.map((row) => [
    row.kernel,
    shapeText(row.shape),
    milliseconds(row.ours_ms),
    milliseconds(row.stock_ms),
    row.ratio.toFixed(1),
    (row.ours_ms / row.copy_ms).toFixed(1),
    (row.ours_ms / row.read_ms).toFixed(1),
    ((row.input_bytes + row.output_bytes) / row.ours_ms / 1e6).toFixed(1),
  ]);
  const table = textTable(
    head,
    cells,
    ["left", "left", "right", "right", "right", "right", "right", "right"],
    columns,
  );
  const empties = rows.map((row) => row.empty_ms).sort((a, b) => a - b);
  const notes = [
    `Medians over turns, warm; an empty submission, ${
      milliseconds(empties[Math.floor(empties.length / 2)]!)
    } ms here, is off every time.`,
    "stock: the same result of TensorFlow.js' own operations, on its own backend and this device. copies: our time over that of a " +
    "copy of the input from buffer to buffer. reads: our time over that of a kernel that only reads the input. GB/s: input and " +
    "output over our time.",
  ];
  return [...table, "", ...notes.flatMap((note) => wrapped(note, columns)), ""].join("\n");
}

export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function milliseconds(time: number): string {
  return time >= 100 ? time.toFixed(0) : time >= 1 ? time.toFixed(2) : time.toFixed(3);
}
