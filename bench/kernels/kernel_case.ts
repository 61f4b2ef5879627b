import type { KernelLimits, Plan } from "../../src/gpu/kernel.ts";
import type { Tensor } from "@tensorflow/tfjs-core";

/** What is measured of one kernel: its own way and the stock way to the same result, on the same inputs. */
export interface KernelCase {
  /** As the kernel calls itself. */
  readonly name: string;
  /** What the numbers of a shape are, such as ["rows", "columns"]. */
  readonly axes: readonly string[];
  readonly shapes: readonly (readonly number[])[];
  plan(shape: readonly number[], limits: KernelLimits): Plan;
  /** The plan's inputs by name; seeded, so that every run measures the same. */
  inputs(shape: readonly number[]): Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>;
  /**
   * Puts the inputs on the stock backend and gives the work to measure: the same result, composed of stock operations the way
   * a good user of tfjs would. The tensors that it gives are let go after each measurement.
   */
  stock(
    shape: readonly number[],
    inputs: Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>,
  ): () => Tensor | Tensor[];
}
