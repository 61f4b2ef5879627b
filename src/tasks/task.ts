import type { Capability, ScanControl, ScoringModel } from "../acquisition/scoring_model.ts";
import type { TrainingConfig } from "../config/schema.ts";
import type { DataSet, Example } from "../data/example.ts";
import type { LabelledExample } from "../data/examples.ts";
import type { LoadedModel } from "../models/model_source.ts";
import type { TrainingProgress } from "../training/fine_tune.ts";

/** What is learned: it owns the encoding, the head and loss, what a prediction is, the metrics and the cost of an example. */
export interface Task {
  readonly name: string;
  /** The metrics that an evaluation gives, by name. */
  readonly metrics: readonly string[];
  /** What its models can tell a strategy. */
  readonly capabilities: readonly Capability[];
  /** What labelling an example costs where the budget is in tokens. */
  tokens(example: Example): number;
  /** A way to train one model on this data set. @throws InputError where model and options do not fit */
  learner(data: DataSet, model: LoadedModel, config: TrainingConfig): Learner;
}

/** Trains one model, from its initial weights, on whatever is labelled. */
export interface Learner {
  /** Names all that a training depends on but the examples and the seed: initial weights, configuration, the task's classes. */
  readonly identity: string;
  /** The model's name. */
  readonly model: string;
  /** Why its model cannot give what the task's models else do, "model 'x' has no dropout"; undefined where it can. */
  lacks?(capability: Capability): string | undefined;
  train(labelled: readonly LabelledExample[], seed: number, control: TrainControl): Promise<Trained>;
}

export interface TrainControl {
  readonly signal?: AbortSignal;
  report(progress: TrainingProgress): Promise<void>;
}

export interface Trained {
  readonly model: TrainedModel;
  readonly steps: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** By step. */
  readonly losses: readonly number[];
}

/** What a classifier makes of examples, a row each, in the order given. */
export interface Outputs {
  readonly classes: number;
  /** [examples, classes]. */
  readonly probabilities: Float32Array;
  /** How wide a feature vector is. */
  readonly width: number;
  /** The vectors by which texts are classified, [examples, width]. */
  readonly features: Float32Array;
}

/** A model with weights, until it is disposed of. It has the capabilities of its task. */
export interface TrainedModel extends Partial<ScoringModel> {
  /** For a person who looks on, where the task has classes. */
  outputs?(examples: readonly Example[], control: ScanControl): Promise<Outputs>;
  evaluate(test: readonly Example[], control: ScanControl): Promise<Evaluation>;
  dispose(): void;
}

/** How good predictions on gold-labelled examples are. */
export interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly labels: readonly string[];
  /** [gold][predicted] counts. */
  readonly confusion: readonly (readonly number[])[];
}
