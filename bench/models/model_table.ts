import { textTable, wrapped } from "../../src/report/text_table.ts";
import type { ModelRow } from "./measure_model.ts";
import type { Work } from "./work.ts";

/** A row, and PyTorch's time for the same where it was measured. */
export type ModelTableRow = ModelRow & { readonly torch_ms: number | null };

/** The rows as a table for people, and what its columns mean. */
export function modelTable(
  rows: readonly ModelTableRow[],
  { unit, isRead }: Pick<Work, "unit" | "isRead">,
  columns: number,
): string {
  const hasTorch = rows.some((row) => row.torch_ms !== null);
  const head = ["shape", "ours, ms", "stock, ms", "times faster", "calls", "stock calls", "MiB", "stock MiB"];
  const cells = rows.map((row) => [
    `[${row.shape.join(", ")}]`,
    milliseconds(row.ours_ms),
    milliseconds(row.stock_ms),
    row.ratio.toFixed(2),
    String(row.kernel_calls),
    String(row.stock_kernel_calls),
    mebibytes(row.peak_bytes),
    mebibytes(row.stock_peak_bytes),
    ...(hasTorch ? [row.torch_ms === null ? "-" : milliseconds(row.torch_ms)] : []),
  ]);
  const heads = hasTorch ? [...head, "PyTorch, ms"] : head;
  const table = textTable(heads, cells, heads.map((_, column) => column === 0 ? "left" : "right"), columns);
  const notes = [
    `shape: layers, hidden size, heads, tokens a text, texts a batch, vocabulary. Medians over turns, warm, of one ${unit}; ` +
    (isRead
      ? "reading its scores back is part of it."
      : "nothing is read back, and the cost of an empty submission is off every time."),
    "stock: the same model file on its composed forms and TensorFlow.js' own backend, on this device; of its two settings for small " +
    `operations, the faster. No dropout: stock would draw its masks on the CPU. calls: operations a ${unit}. MiB: the most bytes of GPU ` +
    `buffers held during a ${unit}.`,
  ];
  return [...table, "", ...notes.flatMap((note) => wrapped(note, columns)), ""].join("\n");
}

/** What our step of one row consists of. */
export function kernelsTable({ shape, kernels }: ModelRow, columns: number): string {
  const total = kernels.reduce((sum, { gpu_ms }) => sum + (gpu_ms ?? 0), 0);
  const isTimed = kernels.some(({ gpu_ms }) => gpu_ms !== null);
  const line = (kernel: string, calls: number, time: number | null) => [
    kernel,
    String(calls),
    ...(isTimed ? [milliseconds(time ?? 0), `${(total > 0 ? 100 * (time ?? 0) / total : 0).toFixed(1)} %`] : []),
  ];
  const table = textTable(
    ["kernel", "calls", ...(isTimed ? ["GPU, ms", "share"] : [])],
    [
      ...kernels.map(({ kernel, calls, gpu_ms }) => line(kernel, calls, gpu_ms)),
      line("all", kernels.reduce((sum, { calls }) => sum + calls, 0), isTimed ? total : null),
    ],
    ["left", "right", "right", "right"],
    columns,
  );
  const note = isTimed
    ? "Each in compute passes of its own, which takes longer than all in a few; copies between buffers and textures are not in it."
    : "This device has no timestamps, so only calls are told.";
  return [`[${shape.join(", ")}], ours by kernel`, "", ...table, "", ...wrapped(note, columns), ""].join("\n");
}

function mebibytes(bytes: number): string {
  const size = bytes / 2 ** 20;
  return size >= 10 ? size.toFixed(0) : size.toFixed(1);
}

function milliseconds(time: number): string {
  return time >= 100 ? time.toFixed(0) : time >= 1 ? time.toFixed(2) : time.toFixed(3);
}
