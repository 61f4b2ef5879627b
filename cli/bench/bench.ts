import type { Io } from "../command.ts";
import type { GpuChoice } from "../host/open_gpu.ts";

export interface BenchOptions extends GpuChoice {
  /** What of it to measure; all where it is empty. */
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly json: boolean;
}

/** One target of `pupil bench`: measures, with progress on stderr, and prints a table or JSON. */
export interface Bench {
  readonly name: string;
  run(options: BenchOptions, io: Io): Promise<void>;
}
