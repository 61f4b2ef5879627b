import type { DataSet } from "../data/example.ts";
import type { LabelledExample } from "../data/examples.ts";
import { Failure, InputError } from "../errors.ts";
import { canonicalJson, hash } from "../hash.ts";
import { type Clock, type Files, readText, writeText } from "../host.ts";
import type { ScanControl } from "../acquisition/scoring_model.ts";
import type { Learner, Trained, TrainedModel } from "../tasks/task.ts";
import type { TrainingProgress } from "../training/fine_tune.ts";
import type { TrainingRecord } from "./records.ts";

/** A training, as a value: what it learns from, and how. */
export interface TrainingRequest {
  readonly learner: Learner;
  readonly labelled: readonly LabelledExample[];
  readonly seed: number;
  readonly data: DataSet;
}

export interface TrainingControl {
  readonly signal?: AbortSignal;
  training(progress: TrainingProgress & { readonly examplesPerSecond: number }): Promise<void>;
  trained(done: { readonly training: string; readonly again: boolean; readonly seconds: number }): Promise<void>;
  scanning(done: number, of: number): Promise<void>;
}

/** The evaluation of a training's result. */
export type EvaluatedRecord = TrainingRecord & Required<Pick<TrainingRecord, "evaluation">>;

/**
 * The trainings of a plan. Each is named by a hash of all that decides its result, is computed once whoever asks, and is kept as
 * `trainings/HASH.json`. Weights stay on the GPU while a later event needs them; where they are gone, after a crash, they are
 * computed again, to the same bytes.
 */
export class Trainings {
  readonly #live = new Map<string, TrainedModel>();
  readonly #pinned = new Set<string>();
  /** How many were computed here, those computed again included. */
  computed = 0;

  constructor(readonly files: Files, readonly clock: Clock) {}

  /** Hash of the learner (initial weights, configuration, classes), the examples with their labels in order of id, and the seed. */
  nameOf({ learner, labelled, seed }: TrainingRequest): string {
    const examples = labelled.map(({ id, text, label }) => [id, label, hash(text, 16)]).sort(([a], [b]) =>
      a! < b! ? -1 : 1
    );
    return hash(canonicalJson([learner.identity, learner.model, seed, examples]), 16);
  }

  /** The training's record with the evaluation of its model on the test set. */
  async evaluated(request: TrainingRequest, control: TrainingControl): Promise<EvaluatedRecord> {
    const name = this.nameOf(request);
    const known = await this.#read(name);
    if (isEvaluated(known)) return known;
    const model = await this.model(request, control);
    const began = this.clock.now();
    const scan: ScanControl = { report: control.scanning, ...(control.signal ? { signal: control.signal } : {}) };
    const evaluation = await model.evaluate(request.data.test, scan);
    const record = { ...(await this.#read(name))!, evaluation: { ...evaluation, seconds: this.#since(began) } };
    await this.#write(record);
    return record;
  }

  /** The trained model, with its weights. It belongs to these trainings, which dispose of it once another is asked for. */
  async model(request: TrainingRequest, control: TrainingControl): Promise<TrainedModel> {
    const name = this.nameOf(request);
    const live = this.#live.get(name);
    if (live) return live;
    this.#makeRoom();
    const began = this.clock.now();
    const trained = await request.learner.train(request.labelled, request.seed, {
      ...(control.signal ? { signal: control.signal } : {}),
      report: (progress) =>
        control.training({ ...progress, examplesPerSecond: progress.examples / Math.max(1e-3, this.#since(began)) }),
    });
    this.computed++;
    this.#live.set(name, trained.model);
    const seconds = this.#since(began);
    const known = await this.#read(name);
    if (known) requireSame(known, trained);
    else await this.#write(recordOf(name, request, trained, seconds));
    await control.trained({ training: name, again: known !== undefined, seconds });
    return trained.model;
  }

  /** Keeps a training's weights, once it has them, until {@link release}. */
  pin(name: string): void {
    this.#pinned.add(name);
  }

  /** Lets all weights go. */
  release(): void {
    this.#pinned.clear();
    this.#makeRoom();
  }

  /** Only pinned weights outlive the training of another model. */
  #makeRoom(): void {
    for (const [name, model] of this.#live) {
      if (this.#pinned.has(name)) continue;
      this.#live.delete(name);
      model.dispose();
    }
  }

  async #read(name: string): Promise<TrainingRecord | undefined> {
    const path = `trainings/${name}.json`;
    try {
      const text = await readText(this.files, path);
      return text === undefined ? undefined : JSON.parse(text);
    } catch (thrown) {
      if (thrown instanceof Failure) throw thrown;
      throw new InputError(`${this.files.describe(path)}: not JSON\nRemove it, and the training is computed again`);
    }
  }

  #write(record: TrainingRecord): Promise<void> {
    return writeText(this.files, `trainings/${record.training}.json`, JSON.stringify(record) + "\n");
  }

  #since(began: number): number {
    return Math.round(this.clock.now() - began) / 1000;
  }
}

function isEvaluated(record: TrainingRecord | undefined): record is EvaluatedRecord {
  return record?.evaluation !== undefined;
}

function recordOf(
  training: string,
  { learner, labelled, seed }: TrainingRequest,
  trained: Trained,
  seconds: number,
): TrainingRecord {
  return {
    training,
    model: learner.model,
    seed,
    examples: labelled.length,
    steps: trained.steps,
    batch_size: trained.batchSize,
    epochs: trained.epochs,
    losses: trained.losses,
    seconds,
  };
}

/** Weights that are computed again must be the same: else what was recorded and what follows would not belong together. */
function requireSame(known: TrainingRecord, again: Trained): void {
  const at = known.losses.findIndex((loss, index) => loss !== again.losses[index]);
  if (at < 0) return;
  throw new Failure(
    `training ${known.training} does not repeat: its loss at step ${at + 1} was ${known.losses[at]} and is ${
      again.losses[at]
    }.\n` +
      "Another adapter or driver than the one that began this run computes other last digits, and cannot go on from here.\n" +
      "Go on where it was begun, or begin it again: with another --out, or by Restart in the page",
  );
}
