import { Interrupted } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { useStock } from "../../src/tfjs/stock.ts";
import type { Effort } from "../measure.ts";
import type { KernelCase } from "./kernel_case.ts";
import { type KernelRow, measureCase } from "./measure_case.ts";

/** What happens while kernels are measured, in order. */
export type KernelBenchEvent =
  /** One shape begins; `done` of `of` shapes are measured. */
  | { readonly kind: "measuring"; readonly kernel: string; readonly shape: readonly number[]; done: number; of: number }
  | { readonly kind: "row"; readonly row: KernelRow };

export interface KernelBench {
  readonly cases: readonly KernelCase[];
  readonly effort: Effort;
  readonly signal: AbortSignal;
  now(): number;
}

/** Measures every shape of the cases, one after the other, in one run on one device. */
export async function* benchKernels(gpu: Gpu, { cases, effort, signal, now }: KernelBench) {
  const stock = await useStock(gpu);
  const all = cases.flatMap((each) => each.shapes.map((shape) => ({ each, shape })));
  for (const [done, { each, shape }] of all.entries()) {
    if (signal.aborted) throw new Interrupted("interrupted; a bench keeps nothing, and begins anew");
    yield { kind: "measuring", kernel: each.name, shape, done, of: all.length } satisfies KernelBenchEvent;
    const row = await measureCase(gpu, stock, each, shape, effort, now);
    yield { kind: "row", row } satisfies KernelBenchEvent;
  }
}
