import type { ExperimentConfig, ModelConfig } from "../config/schema.ts";
import { canonicalJson } from "../hash.ts";

/**
 * How many trainings a plan takes, each once whoever asks. Runs that acquire alike share what they train on: with T queries and S
 * seeds, a group of random, self-selection and two other acquisition models takes S (6T + 1).
 */
export function countTrainings(experiments: readonly ExperimentConfig[]): number {
  return plannedTrainings(experiments).length;
}

/** A training that a plan needs, before it is known what will have been acquired for it. */
export interface PlannedTraining {
  /** Equal for two runs that need the same. */
  readonly name: string;
  readonly model: ModelConfig;
  readonly round: number;
  /** The first experiment that needs it. */
  readonly config: ExperimentConfig;
}

/** Each training of a plan once. */
export function plannedTrainings(experiments: readonly ExperimentConfig[]): PlannedTraining[] {
  const all = experiments.flatMap((config) => config.seeds.flatMap((seed) => planned(config, seed)));
  return [...new Map(all.reverse().map((training) => [training.name, training])).values()].reverse();
}

function planned(config: ExperimentConfig, seed: number): PlannedTraining[] {
  const { al, data, acquisition_model, successor_model } = config;
  const rounds = Array.from({ length: al.num_queries + 1 }, (_, round) => round);
  const start = [config.task, data, seed, al.init_p_or_n, al.split_by_tokens];
  const isRandom = al.strategy === "random";
  // What a random run acquires depends on no model and no other option.
  const path = isRandom ? ["random", al.step_p_or_n] : [al, trainingKey(acquisition_model)];
  const training = (model: ModelConfig, round: number): PlannedTraining => ({
    name: canonicalJson([trainingKey(model), ...start, round, round === 0 ? [] : path]),
    model,
    round,
    config,
  });
  const acquiring = isRandom ? [] : rounds.slice(0, -1).map((round) => training(acquisition_model, round));
  return [...rounds.map((round) => training(successor_model, round)), ...acquiring];
}

/** What of a model's configuration decides its weights. */
function trainingKey(
  { name, training: { batch_size_args: { eval_batch_size: _, ...sizes }, ...training } }: ModelConfig,
) {
  return [name, training, sizes];
}
