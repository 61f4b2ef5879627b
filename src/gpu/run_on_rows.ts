import type { Gpu } from "./device.ts";
import { type Kernel, KernelError, type KernelLimits } from "./kernel.ts";
import { type Values, withSession } from "./run.ts";

/** What goes to the GPU at once where its limits allow more. */
const SLICE_BYTES = 2 ** 26;

/**
 * Runs a kernel over rows that need not fit the GPU at once, such as the logits of a large pool: in slices of rows, one after
 * the other, through one set of buffers. No buffer is over the device's limits, however many rows there are.
 *
 * For kernels whose every input and output has the rows as its first axis.
 *
 * @returns the outputs, in order, whole
 * @throws KernelError where not even one row fits, where an input is not of that shape, or where the GPU failed
 */
export async function runOnRows<Shape extends { readonly rows: number }>(
  gpu: Gpu,
  kernel: Kernel<Shape>,
  shape: Shape,
  inputs: Readonly<Record<string, Values>>,
  limits: KernelLimits = gpu.device.limits,
): Promise<ArrayBuffer[]> {
  const one = kernel.plan({ ...shape, rows: 1 }, limits);
  const { rows } = shape;
  for (const { name, bytes } of one.inputs) {
    const given = inputs[name]?.byteLength;
    if (given !== rows * bytes) {
      throw new KernelError(kernel.name, `${name} has ${given ?? "no"} bytes; ${rows} rows take ${rows * bytes}`);
    }
  }
  const widest = Math.max(...[...one.inputs, ...one.outputs].map(({ bytes }) => bytes));
  const most = Math.min(SLICE_BYTES, limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const sliceRows = Math.min(rows, Math.max(1, Math.floor(most / widest)));
  const whole = kernel.plan({ ...shape, rows: sliceRows }, limits);
  const rest = rows % sliceRows;
  const last = rest === 0 ? whole : kernel.plan({ ...shape, rows: rest }, limits);
  const results = one.outputs.map(({ bytes }) => new Uint8Array(rows * bytes));
  await withSession(gpu, [whole, last], async (session) => {
    for (let first = 0; first < rows; first += sliceRows) {
      const count = Math.min(sliceRows, rows - first);
      const slices = Object.fromEntries(one.inputs.map(({ name, bytes }) => {
        const width = bytes / 4;
        return [name, inputs[name]!.subarray(first * width, (first + count) * width)];
      }));
      const outputs = await session.run(count === sliceRows ? whole : last, slices);
      outputs.forEach((bytes, index) => results[index]!.set(new Uint8Array(bytes), first * one.outputs[index]!.bytes));
    }
  });
  return results.map(({ buffer }) => buffer);
}
