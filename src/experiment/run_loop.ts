import { capable, type ScoringControl, type ScoringModel } from "../acquisition/scoring_model.ts";
import type { Query, Strategy } from "../acquisition/strategy.ts";
import type { Subsampler } from "../acquisition/subsampling/subsampler.ts";
import type { ExperimentConfig } from "../config/schema.ts";
import type { DataSet, Example } from "../data/example.ts";
import type { LabelledExample } from "../data/examples.ts";
import { InputError, stopIfAborted } from "../errors.ts";
import { below, type Clock, type Files } from "../host.ts";
import { random, sample, shuffled } from "../random.ts";
import type { Learner, Task, TrainedModel } from "../tasks/task.ts";
import { type Budget, budgetOf, within } from "./budget.ts";
import type { RunEvent } from "./events.ts";
import type { Journal } from "./journal.ts";
import type { JournalEvent, Role } from "./journal_events.ts";
import type { Oracle } from "./oracle.ts";
import { encodeScores, readScores, scoreFileName } from "./score_file.ts";
import type { TrainingControl, TrainingRequest, Trainings } from "./trainings.ts";
import { withReports } from "./with_reports.ts";

/** One seed of one experiment, with all that its names stand for. */
export interface RunSpec {
  readonly config: ExperimentConfig;
  readonly seed: number;
  readonly data: DataSet;
  readonly task: Task;
  readonly strategy: Strategy;
  readonly subsampler: Subsampler;
  readonly acquisition: Learner;
  readonly successor: Learner;
  readonly oracle: Oracle;
}

export interface RunServices {
  readonly journal: Journal;
  /** The run's own folder. */
  readonly files: Files;
  readonly trainings: Trainings;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * The active-learning loop: a warm start, then rounds of scoring, acquiring, labelling, training and evaluating. What the journal
 * holds is replayed, not computed; all randomness is keyed by seed, purpose and round; so a run that was interrupted anywhere goes
 * on exactly. Nothing here knows the task.
 *
 * @see the thesis, sections 1.3 and 3.2
 */
export async function* runLoop(spec: RunSpec, services: RunServices): AsyncGenerator<RunEvent> {
  const state = new RunState(spec, services);
  yield* state.warmStart();
  yield* state.evaluate(0);
  for (let round = 1; round <= spec.config.al.num_queries; round++) {
    yield* state.acquire(round);
    yield* state.evaluate(round);
  }
}

type Events<Result = void> = AsyncGenerator<RunEvent, Result>;

class RunState {
  readonly #budget: Budget;
  readonly #byId: ReadonlyMap<string, Example>;
  /** Unlabelled, sorted by id. */
  #pool: readonly Example[];
  readonly #labelled = new Map<string, LabelledExample>();
  readonly #lastScores = new Map<string, number>();
  readonly #trainingSize: number;

  constructor(readonly spec: RunSpec, readonly services: RunServices) {
    const trainable = trainablePart(spec);
    this.#pool = trainable;
    this.#trainingSize = trainable.length;
    this.#byId = new Map(trainable.map((example) => [example.id, example]));
    this.#budget = budgetOf(spec.config, spec.task, trainable);
  }

  async *warmStart(): Events {
    const { seed } = this.spec;
    const { init } = this.#budget;
    const drawn = within(shuffled(this.#pool, random(seed, "warm-start")), init, this.#budget);
    const known = this.services.journal.take("warm_start", 0);
    const event = yield* this.#record(known, { event: "warm_start", round: 0, ids: drawn.map(({ id }) => id) });
    yield* this.#label(this.#examples(event.ids), 0);
  }

  async *evaluate(round: number): Events {
    const { trainings, journal } = this.services;
    if (this.#labelled.size === 0) {
      throw new InputError(
        `${this.spec.config.name}: no label was given up to round ${round}; there is nothing to learn from`,
      );
    }
    const request = this.#request(this.spec.successor);
    const training = trainings.nameOf(request);
    if (round === 0) trainings.pin(training);
    const knownTrain = this.#knownTraining(round, "successor", training);
    const knownEvaluation = knownTrain && journal.take("evaluate", round);
    if (knownTrain && knownEvaluation) {
      yield* this.#record(knownTrain, knownTrain);
      yield* this.#record(knownEvaluation, knownEvaluation);
      return;
    }
    const { evaluation } = yield* withReports<RunEvent, Awaited<ReturnType<Trainings["evaluated"]>>>((report) =>
      trainings.evaluated(request, this.#control(round, "successor", report))
    );
    yield* this.#record(knownTrain, { event: "train", round, role: "successor", training });
    yield* this.#record(undefined, { event: "evaluate", round, training, metrics: evaluation.metrics });
  }

  async *acquire(round: number): Events {
    const { strategy } = this.spec;
    const ids = "score" in strategy
      ? yield* this.#acquireByScore(round, strategy.score.bind(strategy))
      : yield* this.#acquireBySelection(round, strategy);
    yield* this.#label(this.#examples(ids), round);
  }

  async *#acquireByScore(round: number, score: (query: Query) => Promise<Float32Array>): Events<readonly string[]> {
    const { journal, files, clock } = this.services;
    const request = this.#request(this.spec.acquisition);
    const training = this.services.trainings.nameOf(request);
    const knownTrain = this.#knownTraining(round, "acquisition", training);
    const knownScore = knownTrain && journal.take("score", round);
    const knownAcquire = knownScore && journal.take("acquire", round);
    const file = scoreFileName(round);

    let scored: { ids: readonly string[]; scores: Float32Array };
    if (knownTrain && knownScore) {
      yield* this.#record(knownTrain, knownTrain);
      scored = await readScores(files, file);
      yield* this.#record(knownScore, knownScore);
    } else {
      const model = yield* this.#model(round, request);
      yield* this.#record(knownTrain, { event: "train", round, role: "acquisition", training });
      const began = clock.now();
      const candidates = this.#candidates(round);
      const scores = yield* this.#scanning(round, (control) => score(this.#query(round, candidates, model, control)));
      scored = { ids: candidates.map(({ id }) => id), scores };
      await files.write(file, encodeScores(scored));
      const seconds = Math.round(clock.now() - began) / 1000;
      yield* this.#record(undefined, { event: "score", round, scored: candidates.length, file, seconds });
    }
    scored.ids.forEach((id, index) => this.#lastScores.set(id, scored.scores[index]!));
    const ranked = this.#examples(best(scored.ids, scored.scores));
    const picks = yield* this.#within(round, ranked);
    const scoreOf = new Map(scored.ids.map((id, index) => [id, scored.scores[index]!]));
    const ids = picks.map(({ id }) => id);
    const event: JournalEvent = { event: "acquire", round, ids, scores: ids.map((id) => scoreOf.get(id)!) };
    return (yield* this.#record(knownAcquire, event)).ids;
  }

  async *#acquireBySelection(
    round: number,
    strategy: Strategy & { select(query: Query): Promise<readonly Example[]> },
  ): Events<readonly string[]> {
    const { journal } = this.services;
    const needsModel = strategy.needs.length > 0;
    const request = this.#request(this.spec.acquisition);
    const training = this.services.trainings.nameOf(request);
    const knownTrain = needsModel ? this.#knownTraining(round, "acquisition", training) : undefined;
    const knownAcquire = needsModel && !knownTrain ? undefined : journal.take("acquire", round);
    if (knownAcquire) {
      if (knownTrain) yield* this.#record(knownTrain, knownTrain);
      return (yield* this.#record(knownAcquire, knownAcquire)).ids;
    }
    let model: TrainedModel | undefined;
    if (needsModel) {
      model = yield* this.#model(round, request);
      yield* this.#record(knownTrain, { event: "train", round, role: "acquisition", training });
    }
    const candidates = this.#candidates(round);
    const selected = yield* this.#scanning(
      round,
      (control) => strategy.select(this.#query(round, candidates, model ?? {}, control)),
    );
    const picks = yield* this.#within(round, selected);
    const event: JournalEvent = {
      event: "acquire",
      round,
      ids: picks.map(({ id }) => id),
      scores: picks.map(() => null),
    };
    return (yield* this.#record(undefined, event)).ids;
  }

  /** The labels that the journal lacks are asked for. */
  async *#label(examples: readonly Example[], round: number): Events {
    const { journal, signal } = this.services;
    const asked = new Set(examples.map(({ id }) => id));
    const waiting = new Set(asked);
    // What follows the last answer is a correction: of several labels for an example the last one counts.
    while (waiting.size > 0 || journal.next?.event === "label") {
      const known = journal.take("label", round);
      if (!known) break;
      if (!asked.has(known.id)) throw journal.mismatch(`the example '${known.id}' was not acquired in round ${round}`);
      this.#learn(known.id, known.label);
      waiting.delete(known.id);
      yield* this.#record(known, known);
    }
    const left = examples.filter(({ id }) => waiting.has(id));
    if (left.length > 0) {
      for await (
        const { id, label, by, at } of this.spec.oracle.label(left, { round, ...(signal ? { signal } : {}) })
      ) {
        if (!asked.has(id)) throw new Error(`the oracle labelled '${id}', for which it was not asked`);
        this.#learn(id, label);
        waiting.delete(id);
        yield* this.#record(undefined, { event: "label", round, id, label, by, at });
      }
      stopIfAborted(signal);
      if (waiting.size > 0) {
        throw new Error(`the oracle gave no answer for '${[...waiting][0]}'; one that does not know declines`);
      }
    }
    this.#pool = this.#pool.filter(({ id }) => !asked.has(id));
  }

  #learn(id: string, label: string | null): void {
    if (label === null) {
      this.#labelled.delete(id);
      return;
    }
    if (!this.spec.data.labels.includes(label)) {
      throw new InputError(
        `'${label}' is no label of data set '${this.spec.data.name}'. It has: ${this.spec.data.labels.join(", ")}`,
      );
    }
    this.#labelled.set(id, { ...this.#byId.get(id)!, label });
  }

  #candidates(round: number): readonly Example[] {
    const { config: { al }, seed, subsampler } = this.spec;
    return subsampler.candidates({
      pool: this.#pool,
      trainingSize: this.#trainingSize,
      lastScore: (id) => this.#lastScores.get(id),
      query: round - 1,
      random: random(seed, "subsample", round),
      al,
    });
  }

  #query(round: number, candidates: readonly Example[], model: Partial<ScoringModel>, control: ScoringControl): Query {
    const { step, unit } = this.#budget;
    const { config: { al }, strategy, seed } = this.spec;
    return {
      candidates,
      labelled: [...this.#labelled.values()],
      // What a token budget buys is known only from a ranking; the loop cuts it.
      k: unit === "examples" ? Math.min(step, candidates.length) : candidates.length,
      random: random(seed, "acquire", round),
      round,
      model: capable(model, strategy.needs),
      dropoutPasses: al.dropout_passes,
      control,
    };
  }

  async *#within(round: number, ranked: readonly Example[]): Events<Example[]> {
    const { step, cost, unit } = this.#budget;
    const picks = within(ranked, step, this.#budget);
    const spent = picks.reduce((sum, example) => sum + cost(example), 0);
    if (spent < step) {
      const text = picks.length === this.#pool.length
        ? `only ${spent} left of the ${step} ${unit} that a step takes; all are taken`
        : `a step takes ${step} ${unit}; the part of the pool that was looked at has ${spent}; all are taken`;
      yield { kind: "notice", text: `round ${round}: ${text}` };
    }
    return picks;
  }

  #request(learner: Learner): TrainingRequest {
    return { learner, labelled: [...this.#labelled.values()], seed: this.spec.seed, data: this.spec.data };
  }

  #model(round: number, request: TrainingRequest): Events<TrainedModel> {
    return withReports((report) => this.services.trainings.model(request, this.#control(round, "acquisition", report)));
  }

  #scanning<T>(round: number, work: (control: ScoringControl) => Promise<T>): Events<T> {
    const { signal } = this.services;
    const { scoring_storage: storage } = this.spec.config.al;
    return withReports<RunEvent, T>((report) =>
      work({
        ...(signal ? { signal } : {}),
        ...(storage ? { storage } : {}),
        report: (done, of) => report({ kind: "scanning", round, purpose: "score", done, of }),
      })
    );
  }

  #control(round: number, role: Role, report: (event: RunEvent) => Promise<void>): TrainingControl {
    const { signal } = this.services;
    const { model } = role === "successor" ? this.spec.successor : this.spec.acquisition;
    return {
      ...(signal ? { signal } : {}),
      training: ({ step, steps, loss, examplesPerSecond }) =>
        report({ kind: "training", round, role, model, step, steps, loss, examplesPerSecond }),
      trained: (done) => report({ kind: "trained", round, role, ...done }),
      scanning: (done, of) => report({ kind: "scanning", round, purpose: "evaluate", done, of }),
    };
  }

  #knownTraining(round: number, role: Role, training: string) {
    const known = this.services.journal.take("train", round);
    if (known && (known.role !== role || known.training !== training)) {
      throw this.services.journal.mismatch(`training ${known.training} stands where ${training} belongs`);
    }
    return known;
  }

  #examples(ids: readonly string[]): Example[] {
    return ids.map((id) => {
      const example = this.#byId.get(id);
      if (!example) throw this.services.journal.mismatch(`the data have no example '${id}'`);
      return example;
    });
  }

  /** Says an event; the known one, where the journal has it, else the new one once it is recorded. */
  async *#record<E extends JournalEvent>(known: E | undefined, event: E): Events<E> {
    if (!known) await this.services.journal.record(event);
    yield { kind: "journal", event: known ?? event, replayed: known !== undefined };
    return known ?? event;
  }
}

/** The training set without the held-out validation part, sorted by id so that the order of a file is no part of a run. */
export function trainablePart({ data, config, seed }: Pick<RunSpec, "data" | "config" | "seed">): Example[] {
  const sorted = [...data.train].sort((a, b) => (a.id < b.id ? -1 : 1));
  const held = Math.round(config.data.validation * sorted.length);
  if (held === 0) return sorted;
  const validation = new Set(sample(sorted, held, random(seed, "validation")));
  return sorted.filter((example) => !validation.has(example));
}

/** Ids by falling score; ties by id. */
function best(ids: readonly string[], scores: Float32Array): string[] {
  const order = ids.map((id, index) => ({ id, score: scores[index]! }));
  return order.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}

/** The folder of a run within its run directory. */
export function runFolder(files: Files, experiment: string, seed: number): Files {
  return below(files, `${experiment}/seed-${seed}`);
}
