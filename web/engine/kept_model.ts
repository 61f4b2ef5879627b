import type { Learner, TrainedModel } from "../../src/tasks/task.ts";

/** Keeps the weights of the model that a learner trained last, although the trainings have let go of it: somebody may yet ask it. */
export class KeptModel {
  #model: TrainedModel | undefined;
  #released = false;

  get current(): TrainedModel | undefined {
    return this.#model;
  }

  /** The same learner; the weights of what it trains live until it trains again, or until {@link release}. */
  keeping(learner: Learner): Learner {
    return {
      ...learner,
      train: async (labelled, seed, control) => {
        this.release();
        const trained = await learner.train(labelled, seed, control);
        this.#model = trained.model;
        this.#released = false;
        const dispose = () => {
          if (this.#model === trained.model) this.#released = true;
          else trained.model.dispose();
        };
        return { ...trained, model: { ...trained.model, dispose } };
      },
    };
  }

  /** Lets go of what only this still holds. */
  release(): void {
    const model = this.#model;
    this.#model = undefined;
    if (this.#released) model?.dispose();
  }
}
