import type { ExperimentConfig, ModelConfig } from "../../src/config/schema.ts";
import type { Curve, Relation } from "../../src/evaluation/curve.ts";
import { formatCurves } from "../../src/evaluation/format_curves.ts";
import type { JournalEvent } from "../../src/experiment/journal_events.ts";
import type { PlanRecord, TrainingRecord } from "../../src/experiment/records.ts";
import { type Random, random } from "../../src/random.ts";

/** A made-up run directory that has the shape, the noise and the size of a real one. Nothing in it was trained. */
export interface FakeOptions {
  readonly dataset: string;
  readonly successor: string;
  readonly distilled: string;
  readonly mismatched: string;
  readonly seeds: readonly number[];
  readonly queries: number;
  /** How frequent each class is. */
  readonly classes: Readonly<Record<string, number>>;
}

export const fakeOptions: FakeOptions = {
  dataset: "trec",
  successor: "BERT",
  distilled: "DistilBERT",
  mismatched: "ELECTRA small",
  seeds: [0, 1, 2],
  queries: 15,
  classes: { ABBR: 0.015, DESC: 0.215, ENTY: 0.23, HUM: 0.225, LOC: 0.155, NUM: 0.16 },
};

const step = 20;
const testSize = 500;

interface Item {
  readonly id: string;
  readonly label: string;
  /** How much a model learns from it. */
  readonly worth: number;
}

/** The files of the directory, by path. */
export function fakeRun(options: FakeOptions = fakeOptions): Record<string, string> {
  const pool = fakePool(options);
  const arms: { name: string; relation: Relation; model: string; likeness: number }[] = [
    { name: "random", relation: "random", model: options.successor, likeness: 0 },
    { name: "self", relation: "self", model: options.successor, likeness: 0.86 },
    { name: "distilled", relation: "distilled", model: options.distilled, likeness: 0.8 },
    { name: "mismatched", relation: "mismatched", model: options.mismatched, likeness: 0.3 },
  ];
  const files: Record<string, string> = {};
  const curves: Curve[] = [];
  const experiments = arms.map((arm) => experimentOf(arm, options));
  for (const arm of arms) {
    for (const seed of options.seeds) {
      const { events, trainings, scores } = fakeJournal(arm, seed, pool, options);
      files[`${arm.name}/seed-${seed}/journal.jsonl`] = events.map((event) => JSON.stringify(event) + "\n").join("");
      for (const training of trainings) files[`trainings/${training.training}.json`] = JSON.stringify(training);
      curves.push({
        dataset: options.dataset,
        successor: options.successor,
        acquisition: arm.model,
        relation: arm.relation,
        al_type: arm.relation === "random" || arm.relation === "self" ? "one" : "asm",
        strategy: arm.relation === "random" ? "random" : "lc",
        seed: String(seed),
        metric: "accuracy",
        scores,
      });
    }
  }
  const plan: PlanRecord = {
    name: `${options.dataset}-group`,
    hash: "3f1c9be0d4a7",
    versions: { pupil: "0.1.0", deno: "2.9.6", tfjs: "4.22.0" },
    adapter: "a made-up adapter",
    data: { [options.dataset]: "9a41c0de77b2" },
    experiments,
  };
  return { ...files, "plan.json": JSON.stringify(plan, null, 2), "curves.csv": formatCurves(curves) };
}

function fakePool({ dataset, classes }: FakeOptions): Item[] {
  const draw = random("fake pool", dataset);
  const names = Object.keys(classes);
  return Array.from({ length: 2000 }, (_, index) => {
    let rest = draw.uniform();
    const label = names.find((name) => (rest -= classes[name]!) < 0) ?? names.at(-1)!;
    return { id: `${dataset}-${index}`, label, worth: draw.normal() + (classes[label]! < 0.05 ? 1 : 0) };
  });
}

function fakeJournal(
  { relation, model, likeness }: { relation: Relation; model: string; likeness: number },
  seed: number,
  pool: readonly Item[],
  options: FakeOptions,
): { events: JournalEvent[]; trainings: TrainingRecord[]; scores: number[] } {
  const draw = random("fake run", options.dataset, seed, relation);
  const byId = new Map(pool.map((item) => [item.id, item]));
  const taken = new Set(takeTop(pool, step, random("fake warm start", options.dataset, seed), 0));
  const events: JournalEvent[] = [{ event: "warm_start", round: 0, ids: [...taken] }];
  for (const id of taken) events.push(labelEvent(0, byId.get(id)!));
  const trainings: TrainingRecord[] = [];
  const scores: number[] = [];
  for (let round = 0; round <= options.queries; round++) {
    if (round > 0) {
      const rest = pool.filter(({ id }) => !taken.has(id));
      const picked = takeTop(rest, step, draw, likeness);
      if (relation !== "random") {
        events.push({ event: "score", round, scored: rest.length, file: `scores-${round}.bin`, seconds: 0.4 });
      }
      const picks = picked.map((_, index) => (relation === "random" ? null : 0.9 - index / 100));
      events.push({ event: "acquire", round, ids: picked, scores: picks });
      for (const id of picked) {
        taken.add(id);
        events.push(labelEvent(round, byId.get(id)!));
      }
    }
    const learned = [...taken].reduce((sum, id) => sum + Math.max(0, 0.6 + 0.35 * byId.get(id)!.worth), 0);
    // The warm start's training is the same for every arm of a seed.
    const noise = round === 0 ? random("fake noise", options.dataset, seed) : draw;
    const training = round === 0 ? `warm-${seed}` : `${relation}-${seed}-${round}`;
    const accuracy = 0.97 - 0.32 * Math.exp(-learned / 70) + 0.008 * noise.normal();
    const confusion = fakeConfusion(accuracy, options.classes, noise);
    const right = confusion.reduce((sum, row, index) => sum + row[index]!, 0) / testSize;
    const metrics = { accuracy: right, macro_f1: right - 0.02, micro_f1: right };
    trainings.push({
      training,
      model: options.successor,
      seed,
      examples: taken.size,
      steps: 350,
      batch_size: 16,
      epochs: 10,
      losses: [1.8, 0.9, 0.4, 0.2],
      seconds: 8.25,
      evaluation: { metrics, labels: Object.keys(options.classes), confusion, seconds: 1.5 },
    });
    if (relation === "distilled" || relation === "mismatched") {
      events.push({ event: "train", round, role: "acquisition", training: `${model}-${seed}-${round}` });
    }
    events.push({ event: "train", round, role: "successor", training });
    events.push({ event: "evaluate", round, training, metrics });
    scores.push(right);
  }
  return { events, trainings, scores };
}

function takeTop(items: readonly Item[], count: number, draw: Random, likeness: number): string[] {
  return items
    .map(({ id, worth }) => ({ id, score: likeness * worth + (1 - likeness) * draw.normal() }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ id }) => id);
}

function labelEvent(round: number, { id, label }: Item): JournalEvent {
  return { event: "label", round, id, label, by: "gold", at: null };
}

function fakeConfusion(accuracy: number, classes: Readonly<Record<string, number>>, draw: Random): number[][] {
  const shares = Object.values(classes);
  const counts = shares.map((share) => Math.round(share * testSize));
  counts[counts.length - 1]! += testSize - counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, gold) => {
    const row = shares.map(() => 0);
    for (let example = 0; example < count; example++) {
      const right = draw.uniform() < accuracy;
      row[right ? gold : (gold + 1 + draw.below(shares.length - 1)) % shares.length]! += 1;
    }
    return row;
  });
}

function experimentOf(
  arm: { name: string; relation: Relation; model: string },
  options: FakeOptions,
): ExperimentConfig {
  const isRandom = arm.relation === "random";
  return {
    name: arm.name,
    task: "classification",
    metric: "accuracy",
    al_type: arm.model === options.successor ? "one" : "asm",
    seeds: options.seeds,
    data: {
      dataset_name: options.dataset,
      path: null,
      train: null,
      test: null,
      test_fraction: null,
      validation: 0.1,
      text_name: "text",
      label_name: "label",
      id_name: "id",
    },
    al: {
      strategy: isRandom ? "random" : "lc",
      init_p_or_n: step,
      step_p_or_n: step,
      num_queries: options.queries,
      split_by_tokens: false,
      sampling_type: "none",
      gamma_or_k_confident_to_save: null,
      ups: { gamma: 0.1, temperature: 0.01, iters_to_recalc_scores: [0, 1, 4, 8] },
      dropout_passes: 10,
    },
    acquisition_model: modelOf(arm.model, arm.relation === "distilled" ? options.successor : null),
    successor_model: modelOf(options.successor, null),
    generation: null,
  };
}

function modelOf(name: string, distilled_from: string | null): ModelConfig {
  return {
    name,
    distilled_from,
    training: {
      lr: 2e-5,
      epochs: 10,
      step_rule: "algorithm1",
      min_steps: 350,
      steps: null,
      batch_size_args: { batch_size: 16, min_batch_size: 4, eval_batch_size: 64 },
      accumulation: 1,
      weight_decay: 0.01,
      warmup: 0.1,
      clip: 1,
      max_length: 256,
    },
  };
}
