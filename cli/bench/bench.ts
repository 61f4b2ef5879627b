import type { Io } from "../command.ts";
import type { GpuChoice } from "../host/open_gpu.ts";

export interface BenchOptions extends GpuChoice {
  /** What of it to measure; all where it is empty. */
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly json: boolean;
  /** Whether to tell what ours consists of, kernel by kernel. */
  readonly kernels: boolean;
  /** Whether to measure scoring from stored halves beside ours. */
  readonly halves?: boolean;
}

/** One target of `pupil bench`: measures, with progress on stderr, and prints a table or JSON. */
export interface Bench {
  readonly name: string;
  /** Whether it can tell of its kernels, one by one. */
  readonly hasKernels?: boolean;
  /** Whether it can also measure ours from stored halves. */
  readonly hasStorage?: boolean;
  run(options: BenchOptions, io: Io): Promise<void>;
}
