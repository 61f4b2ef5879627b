/** The resolved experiment: every option has its value, nothing is left to a default further down. Keys are those of the YAML. */

/** One row of the plan. It is run once for each seed. */
export interface ExperimentConfig {
  /** Its folder in the run directory: letters, digits, `.`, `_`, `-`; unique in a plan. */
  readonly name: string;
  /** A name of the task registry, such as "classification". */
  readonly task: string;
  /** The metric of the learning curve, such as "accuracy"; all metrics are recorded whatever stands here. */
  readonly metric: string;
  /** "asm" where two different models acquire and succeed; follows from the models and the strategy. */
  readonly al_type: "one" | "asm";
  /** Distinct, not negative. */
  readonly seeds: readonly number[];
  readonly data: DataConfig;
  readonly al: AlConfig;
  /** Equal to `successor_model` where `al_type` is "one". */
  readonly acquisition_model: ModelConfig;
  readonly successor_model: ModelConfig;
  /** How summaries are written; null where the task writes none. */
  readonly generation: GenerationConfig | null;
}

/** Where the examples come from: a registered data set, or files (`train`, `test`). Paths count from the working directory. */
export interface DataConfig {
  /** A name of the data-set registry; where `train` is given, only the name of the files' data set (null: they have none). */
  readonly dataset_name: string | null;
  /** A folder of the user's that holds the data set, or REGISTERED_PLACE. Null beside `train`. */
  readonly path: string | null;
  readonly train: string | null;
  /** Null where there is no `train`. */
  readonly test: string | null;
  /** Where there is a `train` and no `test`: the part of it that is held out for the test, by a hash. In (0, 1); else null. */
  readonly test_fraction: number | null;
  /** The part of the training set that is held out of the pool. In [0, 1). */
  readonly validation: number;
  /**
   * What a person may call a text: rows of `train` need no label then. Absent where every row has one, which is all that older plans know.
   */
  readonly classes?: readonly string[] | undefined;
  /** A branch, a tag or a commit of the hub's. These four are absent where nothing is given, which is all that older plans know. */
  readonly revision?: string | undefined;
  /** Which of several data sets in one repository or folder. */
  readonly subset?: string | undefined;
  readonly train_split?: string | undefined;
  readonly test_split?: string | undefined;
  readonly text_name: string;
  readonly label_name: string;
  readonly id_name: string;
}

/** The published toolbox's word, as a `path`, for the place where registered data sets are. */
export const REGISTERED_PLACE = "datasets";

export type SamplingType = (typeof SAMPLING_TYPES)[number];
export const SAMPLING_TYPES = ["none", "random", "naive", "ups"] as const;

export interface AlConfig {
  /** A name of the strategy registry, such as "lc"; "random" trains no acquisition model. */
  readonly strategy: string;
  /** The warm start. Below 1 a fraction of the training set, else a count (of examples, or of tokens). */
  readonly init_p_or_n: number;
  /** What a query acquires, in the same measure. */
  readonly step_p_or_n: number;
  /** T queries give T + 1 points of the curve; with none, the warm start is all that is learned from. */
  readonly num_queries: number;
  /** Budget in tokens rather than in examples. */
  readonly split_by_tokens: boolean;
  /** How the pool is subsampled before it is scored; "none" for the strategy "random", which scores nothing. */
  readonly sampling_type: SamplingType;
  /** "random" and "naive": a fraction of the training set, or a count, that is scored. "ups": the same as `ups.gamma`. "none": null. */
  readonly gamma_or_k_confident_to_save: number | null;
  /** In force where `sampling_type` is "ups". */
  readonly ups: UpsConfig;
  /** Forward passes with dropout that score an example, at least 2. In force where the strategy is one of DROPOUT_STRATEGIES. */
  readonly dropout_passes: number;
  /** What scoring stores weights and activations of linear layers as. Absent where that is float32, which is all that older plans know. */
  readonly scoring_storage?: ScoringStorage | undefined;
}

export type ScoringStorage = (typeof SCORING_STORAGES)[number];
export const SCORING_STORAGES = ["float32", "float16"] as const;

/** Strategies that compare passes with dropout. */
export const DROPOUT_STRATEGIES: readonly string[] = ["bald"];

export interface UpsConfig {
  readonly gamma: number;
  readonly temperature: number;
  /** Queries, counted from 0, that score the whole pool. */
  readonly iters_to_recalc_scores: readonly number[];
}

export interface ModelConfig {
  /** A name of the model registry, a hub name, or a folder. */
  readonly name: string;
  /** Of a model on the hub, a branch, a tag or a commit. Absent where that is its main branch. */
  readonly revision?: string | undefined;
  /** The teacher, where the config names one; else the model registry knows. */
  readonly distilled_from: string | null;
  readonly training: TrainingConfig;
}

export type StepRule = (typeof STEP_RULES)[number];
export const STEP_RULES = ["algorithm1", "toolbox", "fixed"] as const;

export interface TrainingConfig {
  readonly lr: number;
  /** Without effect where `step_rule` is "fixed". */
  readonly epochs: number;
  readonly step_rule: StepRule;
  /** Q, the least number of gradient steps. Without effect where `step_rule` is "fixed". */
  readonly min_steps: number;
  /** Steps exactly, where `step_rule` is "fixed"; else null. */
  readonly steps: number | null;
  readonly batch_size_args: BatchSizeConfig;
  /** Batches whose gradients make one step. */
  readonly accumulation: number;
  readonly weight_decay: number;
  /** The fraction of the steps over which the learning rate rises. In [0, 1]. */
  readonly warmup: number;
  /** The largest norm of the gradient. */
  readonly clip: number;
  /** Tokens; longer texts are cut. */
  readonly max_length: number;
  /** Whether only the head learns. Absent where the whole model does, which is all that older plans know. */
  readonly frozen?: boolean | undefined;
}

export interface BatchSizeConfig {
  readonly batch_size: number;
  readonly min_batch_size: number;
  readonly eval_batch_size: number;
}

export interface GenerationConfig {
  readonly num_beams: number;
  /** Tokens of a summary. */
  readonly max_length: number;
}
