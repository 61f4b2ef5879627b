import type { Tensor } from "@tensorflow/tfjs-core";
import type { ScoringStorage } from "../../src/config/schema.ts";
import type { ModelSetup } from "./model_setup.ts";

/** What is measured of a model. */
export interface Work {
  readonly name: "train" | "score";
  /** What it is called where it is counted: "step". */
  readonly unit: string;
  /** Whether doing it once includes reading what it gave. */
  readonly isRead: boolean;
  /** Whether it can be done from stored halves, which our backend alone can. */
  readonly hasStorage: boolean;
  /** Puts a model on the current backend. `storage` is what its linear layers store their factors as. */
  begin(setup: ModelSetup, storage?: ScoringStorage): AtWork;
}

/** A model at work on one backend, which must be the current one when it does something. */
export interface AtWork {
  /** Does the work once: records all of it, and waits for nothing. The result is the caller's. */
  once(): Tensor;
  dispose(): void;
}
