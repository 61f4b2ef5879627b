import type { ExperimentConfig } from "../config/schema.ts";

/** `plan.json`: what a run directory was made for. A directory is continued only under the same plan. */
export interface PlanRecord {
  readonly name: string;
  /** Hash of `experiments`. */
  readonly hash: string;
  readonly versions: Readonly<Record<string, string>>;
  /** The adapter's name, as the driver gives it. */
  readonly adapter: string;
  /** Hash of each data set, by name. */
  readonly data: Readonly<Record<string, string>>;
  /** The commit of each revision that was fetched from the hub, such as `bert-base-cased@main`; absent where there is none. */
  readonly commits?: Readonly<Record<string, string>>;
  readonly experiments: readonly ExperimentConfig[];
}

/** `trainings/HASH.json`: the result of one training, whoever asked for it. */
export interface TrainingRecord {
  readonly training: string;
  readonly model: string;
  readonly seed: number;
  /** How many labelled examples it learned from. */
  readonly examples: number;
  readonly steps: number;
  readonly batch_size: number;
  readonly epochs: number;
  /** Training loss by step. */
  readonly losses: readonly number[];
  readonly seconds: number;
  /** The test set, where a successor was evaluated. */
  readonly evaluation?: {
    readonly metrics: Readonly<Record<string, number>>;
    readonly labels: readonly string[];
    /** [gold][predicted] counts. */
    readonly confusion: readonly (readonly number[])[];
    readonly seconds: number;
  };
}
