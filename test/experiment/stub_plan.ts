import type { AlConfig, DataConfig, ExperimentConfig, ModelConfig } from "../../src/config/schema.ts";
import { execute } from "../../src/experiment/execute.ts";
import type { EngineEvent, RunEvent } from "../../src/experiment/events.ts";
import { Journal } from "../../src/experiment/journal.ts";
import type { JournalEvent } from "../../src/experiment/journal_events.ts";
import { prepare, type PreparedPlan } from "../../src/experiment/prepare.ts";
import { runLoop, type RunSpec } from "../../src/experiment/run_loop.ts";
import { Trainings } from "../../src/experiment/trainings.ts";
import type { Clock, Files } from "../../src/host.ts";
import { random } from "../../src/random.ts";
import { Registry } from "../../src/registry.ts";
import type { Task } from "../../src/tasks/task.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";
import { stubTask } from "./stub_task.ts";

const TOPICS: Readonly<Record<string, readonly string[]>> = {
  bills: ["invoice", "payment", "due", "account", "total", "bank"],
  news: ["report", "today", "minister", "vote", "market", "storm"],
  spam: ["free", "winner", "click", "offer", "prize", "now"],
};
const COMMON = ["the", "your", "and", "with", "hello", "please", "monday", "about"];

/** All words that occur in the texts. */
export const topicWords: readonly string[] = [...Object.values(TOPICS).flat(), ...COMMON];

/** Made-up texts of one to nine words, some of which tell the topic. The same on every host. */
export function topicRows(part: string, count: number): { id: string; text: string; label: string }[] {
  const from = random("stub data", part);
  const labels = Object.keys(TOPICS);
  return Array.from({ length: count }, (_, index) => {
    const label = labels[from.below(labels.length)]!;
    const length = 1 + from.below(9);
    const words = Array.from({ length }, () => {
      const source = from.uniform() < 0.35 ? TOPICS[label]! : COMMON;
      return source[from.below(source.length)]!;
    });
    return { id: `${part}-${String(index).padStart(3, "0")}`, text: words.join(" "), label };
  });
}

export function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => JSON.stringify(row) + "\n").join("");
}

const model = (name: string): ModelConfig => ({
  name,
  distilled_from: null,
  training: {
    lr: 1e-3,
    epochs: 1,
    step_rule: "fixed",
    min_steps: 1,
    steps: 3,
    batch_size_args: { batch_size: 8, min_batch_size: 4, eval_batch_size: 16 },
    accumulation: 1,
    weight_decay: 0.01,
    warmup: 0.1,
    clip: 1,
    max_length: 16,
  },
});

/** What a test changes of an experiment. */
export interface Changes {
  readonly name?: string;
  readonly task?: string;
  readonly metric?: string;
  readonly seeds?: readonly number[];
  readonly al?: Partial<AlConfig>;
  readonly data?: Partial<DataConfig>;
  /** Names of models. */
  readonly successor?: string;
  readonly acquisition?: string;
}

/** An experiment on the stub's data, the whole pool scored by least confidence unless changed. */
export function experiment(changes: Changes = {}): ExperimentConfig {
  const { successor = "encoder-64", acquisition = successor } = changes;
  return {
    name: changes.name ?? "self",
    task: changes.task ?? "stub",
    metric: changes.metric ?? "accuracy",
    al_type: acquisition === successor ? "one" : "asm",
    seeds: changes.seeds ?? [0],
    data: {
      dataset_name: "topics",
      path: null,
      train: "train.jsonl",
      test: "test.jsonl",
      test_fraction: null,
      validation: 0,
      text_name: "text",
      label_name: "label",
      id_name: "id",
      ...changes.data,
    },
    al: {
      strategy: "lc",
      init_p_or_n: 4,
      step_p_or_n: 3,
      num_queries: 3,
      split_by_tokens: false,
      sampling_type: "none",
      gamma_or_k_confident_to_save: null,
      ups: { gamma: 0.1, temperature: 0.01, iters_to_recalc_scores: [0, 1, 4, 8] },
      dropout_passes: 10,
      ...changes.al,
    },
    acquisition_model: model(acquisition),
    successor_model: model(successor),
    generation: null,
  };
}

/** A group: random, self, and a run for each of two acquisition models. */
export function group(changes: Omit<Changes, "name" | "acquisition"> = {}): ExperimentConfig[] {
  return [
    experiment({ ...changes, name: "random", al: { ...changes.al, strategy: "random", sampling_type: "none" } }),
    experiment({ ...changes, name: "self" }),
    experiment({ ...changes, name: "asm-encoder-32", acquisition: "encoder-32" }),
    experiment({ ...changes, name: "asm-bag-64", acquisition: "bag-64" }),
  ];
}

const modelConfig = JSON.stringify({
  model_type: "bag",
  vocab_size: 16,
  embedding_size: 2,
  hidden_size: 2,
  dropout_prob: 0,
  embedding_initializer_range: 0.3,
});

/** The project's files, as far as a plan of stubs needs them. */
export const stubAssets = MemoryFiles.of({
  "data/mail.tokenizer.json": JSON.stringify(tinyTokenizer()),
  ...Object.fromEntries(
    ["encoder-64", "encoder-32", "bag-64"].map((name) => [`models/${name}/config.json`, modelConfig]),
  ),
});

export interface StubOptions {
  readonly task?: Task;
  /** Rows of the training set; 60 made-up ones unless given. */
  readonly train?: readonly unknown[];
}

/** Prepares experiments on the stub task. */
export function prepareStub(
  experiments: readonly ExperimentConfig[],
  { task = stubTask(), train = topicRows("train", 60) }: StubOptions = {},
): Promise<PreparedPlan> {
  const userFiles = MemoryFiles.of({ "train.jsonl": jsonLines(train), "test.jsonl": jsonLines(topicRows("test", 40)) });
  return prepare(experiments, { assets: stubAssets, userFiles, tasks: new Registry("task", [task]) });
}

/** The only run of one experiment, with what a test puts in place of its parts. */
export async function stubRun(
  changes: Changes = {},
  parts: Partial<RunSpec> = {},
  options: StubOptions = {},
): Promise<RunSpec> {
  const { runs } = await prepareStub([experiment(changes)], options);
  return { ...runs[0]!, ...parts };
}

/** A clock that no two runs agree on. */
export function restlessClock(): Clock {
  let now = Math.random() * 1e6;
  return { now: () => now += Math.random() * 5, date: () => "2026-01-02T03:04:05.000Z" };
}

/** Runs a plan to its end. */
export async function executeAll(plan: PreparedPlan, files: Files, signal?: AbortSignal): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  const services = { files, clock: restlessClock(), ...(signal ? { signal } : {}) };
  for await (const event of execute(plan, services)) events.push(event);
  return events;
}

/** What one run did. */
export interface Ran {
  readonly events: readonly RunEvent[];
  /** Those of the journal. */
  readonly journal: readonly JournalEvent[];
  readonly notices: readonly string[];
  readonly trainings: Trainings;
}

/** Runs the loop of one run to its end; its folder is the root of `files`. */
export async function runAll(spec: RunSpec, files: Files = new MemoryFiles(), signal?: AbortSignal): Promise<Ran> {
  const clock = restlessClock();
  const trainings = new Trainings(files, clock);
  const journal = await Journal.open(files, "journal.jsonl");
  const events: RunEvent[] = [];
  try {
    for await (const event of runLoop(spec, { journal, files, trainings, clock, ...(signal ? { signal } : {}) })) {
      events.push(event);
    }
  } finally {
    trainings.release();
  }
  return {
    events,
    journal: events.flatMap((event) => (event.kind === "journal" ? [event.event] : [])),
    notices: events.flatMap((event) => (event.kind === "notice" ? [event.text] : [])),
    trainings,
  };
}

type EventOf<K extends JournalEvent["event"]> = Extract<JournalEvent, { event: K }>;

/** The events of one kind. */
export function ofKind<K extends JournalEvent["event"]>(journal: readonly JournalEvent[], kind: K): EventOf<K>[] {
  return journal.filter((event): event is EventOf<K> => event.event === kind);
}

/** Files as two runs must agree on them: all but how long things took. */
export function withoutSeconds(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path, text.replaceAll(/"seconds":[0-9.e+-]+/g, '"seconds":0')]),
  );
}
