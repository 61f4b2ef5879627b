import { strategies } from "../acquisition/strategies.ts";
import { subsamplers } from "../acquisition/subsamplers.ts";
import type { ExperimentConfig, ModelConfig } from "../config/schema.ts";
import type { DataSet } from "../data/example.ts";
import { InputError } from "../errors.ts";
import { canonicalJson, hash } from "../hash.ts";
import { PinnedHub } from "../hub/pinned_hub.ts";
import { repository } from "../hub/repository.ts";
import type { LoadedModel } from "../models/model_source.ts";
import type { Learner } from "../tasks/task.ts";
import { tasks } from "../tasks/tasks.ts";
import { budgetOf } from "./budget.ts";
import { loadData } from "./load_data.ts";
import { goldOracle } from "./oracle.ts";
import { findModel } from "./find_model.ts";
import { type RunSpec, trainablePart } from "./run_loop.ts";
import type { Sources } from "./sources.ts";

/** A plan whose names have all been resolved and checked against each other. Nothing has trained. */
export interface PreparedPlan {
  /** In the order in which they run: seed by seed, so that the runs of a group stay paired. */
  readonly runs: readonly RunSpec[];
  /** Hash of each data set, by name: a directory is continued only with the data that it began with. */
  readonly data: Readonly<Record<string, string>>;
  /** The commit of each revision that was fetched from the hub. */
  readonly commits: Readonly<Record<string, string>>;
  readonly notices: readonly string[];
  /** Every model that the plan names. */
  readonly models: ReadonlyMap<string, LoadedModel>;
}

/**
 * Loads data sets and models and checks all that can be checked before anything trains.
 *
 * @throws InputError naming the experiment and the key at fault
 */
export async function prepare(experiments: readonly ExperimentConfig[], sources: Sources): Promise<PreparedPlan> {
  const hub = sources.hub && new PinnedHub(sources.hub, sources.commits);
  const loader = new Loader({ ...sources, hub });
  const notices: string[] = [];
  const specs: RunSpec[] = [];
  const fingerprints: Record<string, string> = {};
  const fingerprintsOf = new Map<DataSet, string>();
  for (const config of experiments) {
    const spec = await loader.spec(config);
    // Once for what experiments share: it reads every text.
    const fingerprint = fingerprintsOf.get(spec.data) ?? fingerprintOf(spec.data);
    fingerprintsOf.set(spec.data, fingerprint);
    // Curves and tables tell data sets apart by their names.
    if ((fingerprints[spec.data.name] ??= fingerprint) !== fingerprint) {
      throw new InputError(
        `${config.name}: data: another experiment's data set is called '${spec.data.name}' too, and is not the same\n` +
          "Tell them apart with data.dataset_name",
      );
    }
    for (const seed of config.seeds) {
      const run = { ...spec, seed };
      notices.push(...checkSize(run));
      specs.push(run);
    }
  }
  const seeds = [...new Set(specs.map(({ seed }) => seed))].sort((a, b) => a - b);
  notices.push(...specs.flatMap(({ data }) => data.notices ?? []));
  const models = await loader.models();
  for (const { name, notices: ofModel = [] } of models.values()) {
    notices.push(...ofModel.map((notice) => `model '${name}': ${notice}`));
  }
  return {
    runs: seeds.flatMap((seed) => specs.filter((spec) => spec.seed === seed)),
    data: fingerprints,
    commits: hub?.commits() ?? {},
    notices: [...new Set(notices)],
    models,
  };
}

/** Loads each data set and model, and makes each learner, once. */
class Loader {
  readonly #data = new Map<string, Promise<DataSet>>();
  readonly #models = new Map<string, Promise<LoadedModel>>();
  readonly #revisions = new Map<string, string | undefined>();
  readonly #learners = new Map<string, Promise<Learner>>();

  constructor(readonly sources: Sources) {}

  async models(): Promise<Map<string, LoadedModel>> {
    return new Map(await Promise.all([...this.#models].map(async ([name, model]) => [name, await model] as const)));
  }

  async spec(config: ExperimentConfig): Promise<Omit<RunSpec, "seed">> {
    const at = (key: string) => `${config.name}: ${key}`;
    const { al } = config;
    const task = (this.sources.tasks ?? tasks).get(config.task, at("task"));
    if (!task.metrics.includes(config.metric)) {
      throw new InputError(
        `${at("metric")}: task '${task.name}' has no metric '${config.metric}'. It has: ${task.metrics.join(", ")}`,
      );
    }
    const strategy = strategies.get(al.strategy, at("al.strategy"));
    const lacking = strategy.needs.find((need) => !task.capabilities.includes(need));
    if (lacking) {
      throw new InputError(
        `${at("al.strategy")}: '${al.strategy}' needs ${lacking} of its model, which task '${task.name}' does not give`,
      );
    }
    const subsampler = subsamplers.get(al.sampling_type, at("al.sampling_type"));
    if (!("score" in strategy) && ["naive", "ups"].includes(al.sampling_type)) {
      throw new InputError(
        `${
          at("al.sampling_type")
        }: '${al.sampling_type}' goes by the scores of earlier rounds; '${al.strategy}' gives none`,
      );
    }
    // Before anything is fetched, which may be much.
    for (const section of ["acquisition_model", "successor_model"] as const) {
      this.#checkModel(config[section], at(section));
    }
    const data = await cached(this.#data, canonicalJson(config.data), () => loadData(config.data, this.sources));
    // A learner keeps the texts that it has encoded, so experiments that train alike share one.
    const learnerOf = (model: ModelConfig, section: string) =>
      cached(
        this.#learners,
        canonicalJson([task.name, config.data, model.name, model.revision, model.training]),
        async () => {
          return task.learner(data, await this.#model(model, at(section)), model.training);
        },
      );
    const acquisition = await learnerOf(config.acquisition_model, "acquisition_model");
    const successor = await learnerOf(config.successor_model, "successor_model");
    for (const need of strategy.needs) {
      const problem = acquisition.lacks?.(need);
      if (problem) throw new InputError(`${at("al.strategy")}: '${al.strategy}' needs ${need}, but ${problem}`);
    }
    return { config, data, task, strategy, subsampler, acquisition, successor, oracle: goldOracle };
  }

  /** @throws InputError where it is no model, or its revision none that it could have */
  #checkModel({ name, revision }: ModelConfig, where: string): void {
    const { onHub } = findModel(name, this.sources.userFiles, `${where}.name`);
    if (onHub) repository("models", name, revision);
    else if (revision !== undefined) {
      throw new InputError(`${where}.revision has no effect: the model '${name}' is not fetched from the hub`);
    }
    // Curves and tables tell models apart by their names.
    if (this.#revisions.has(name) && this.#revisions.get(name) !== revision) {
      throw new InputError(
        `${where}.revision: another experiment takes another revision of '${name}'. A plan has one of each`,
      );
    }
    this.#revisions.set(name, revision);
  }

  #model({ name, revision }: ModelConfig, where: string): Promise<LoadedModel> {
    const source = findModel(name, this.sources.userFiles, `${where}.name`);
    return cached(this.#models, name, () => source.load(this.sources, revision));
  }
}

/** @throws InputError where the warm start takes more than there is */
function checkSize(run: RunSpec): string[] {
  const { config, data, task } = run;
  const trainable = trainablePart(run);
  const budget = budgetOf(config, task, trainable);
  const total = trainable.reduce((sum, example) => sum + budget.cost(example), 0);
  if (budget.init > total) {
    throw new InputError(
      `${config.name}: al.init_p_or_n takes ${budget.init} ${budget.unit}; data set '${data.name}' has ${total} to label`,
    );
  }
  const wanted = budget.init + config.al.num_queries * budget.step;
  if (wanted <= total) return [];
  return [
    `the plan would label ${wanted} ${budget.unit}; data set '${data.name}' has ${total}. ` +
    "The rounds that find the pool empty repeat the one before",
  ];
}

function fingerprintOf({ train, test, labels }: DataSet): string {
  const part = (examples: DataSet["train"]) =>
    examples.map(({ id, text, label }) => [id, text, label]).sort(([a], [b]) => (a! < b! ? -1 : 1));
  return hash(JSON.stringify([part(train), part(test), labels]), 16);
}

function cached<T>(cache: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const known = cache.get(key) ?? load();
  cache.set(key, known);
  return known;
}
