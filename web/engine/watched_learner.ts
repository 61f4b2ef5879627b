import type { CommitteeStats, RowStats, ScanControl } from "../../src/acquisition/scoring_model.ts";
import type { Example } from "../../src/data/example.ts";
import type { Learner, TrainedModel } from "../../src/tasks/task.ts";

/** What a model has said of the candidates of a round, one value each. */
export interface Scored {
  readonly stats: RowStats;
  /** Where the round's strategy goes by passes with dropout. */
  readonly dropoutCommittee?: CommitteeStats;
}

/** What is told of a learner's models. */
export interface Watcher {
  /** A model has been trained. It may be kept by {@link KeptModels}. */
  trained?(model: TrainedModel): void;
  /** The model has said how sure it is of the candidates of a round. The round waits until this resolves. */
  scored?(model: TrainedModel, candidates: readonly Example[], scores: Scored, control: ScanControl): Promise<void>;
}

/** A learner whose models somebody looks at while they work. Its trainings are the same, to the byte, and bear the same names. */
export function watched(learner: Learner, watcher: Watcher): Learner {
  return {
    ...learner,
    async train(labelled, seed, control) {
      const trained = await learner.train(labelled, seed, control);
      watcher.trained?.(trained.model);
      return { ...trained, model: watchedModel(trained.model, watcher) };
    },
  };
}

function watchedModel(model: TrainedModel, watcher: Watcher): TrainedModel {
  return {
    ...model,
    async rowStats(examples, control) {
      const stats = await model.rowStats!(examples, control);
      await watcher.scored?.(model, examples, { stats }, control);
      return stats;
    },
    async dropoutCommittee(examples, passes, control) {
      const dropoutCommittee = await model.dropoutCommittee!(examples, passes, control);
      const stats = await model.rowStats!(examples, control);
      await watcher.scored?.(model, examples, { stats, dropoutCommittee }, control);
      return dropoutCommittee;
    },
  };
}
