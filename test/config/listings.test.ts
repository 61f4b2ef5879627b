import { describe, expect, it } from "vitest";
import type { ExperimentConfig } from "../../src/config/schema.ts";
import { listing, resolve } from "./resolve.ts";

const LAUNCHER =
  "not used, since they concern the thesis's launcher: cuda_devices, hydra, hydra/job_logging, task_names, " +
  "tasks.command, tasks.config_path, tasks.environ";

/** What a listing says of an experiment, in its order. */
const essence = (config: ExperimentConfig) => [
  config.name,
  config.al_type,
  config.al.strategy,
  config.acquisition_model.name,
  config.successor_model.name,
];

describe("the thesis's listings", () => {
  it.each([1, 2, 3, 4, 5])("%i names its seeds, and its launcher's keys are reported once", async (number) => {
    const { name, experiments, notices } = await resolve(listing(number));
    expect(name).toBe("plan");
    for (const { seeds } of experiments) expect(seeds).toEqual([0, 1, 2]);
    expect(notices.filter((notice) => notice === LAUNCHER)).toHaveLength(1);
  });

  it("1: CEDR, random and self-selection", async () => {
    const { experiments, notices } = await resolve(listing(1));
    const bert = "bert-base-multilingual-cased";
    expect(experiments.map(essence)).toEqual([
      ["al_random_bert-base-m", "one", "random", bert, bert],
      ["al_bert-base-m", "one", "lc", bert, bert],
    ]);
    const [random, self] = experiments;
    for (const { task, metric, data, al } of experiments) {
      expect([task, metric]).toEqual(["classification", "accuracy"]);
      expect(data).toMatchObject({ dataset_name: "Rexhaif/cedr-full", label_name: "label", validation: 0.1 });
      expect(al).toMatchObject({ init_p_or_n: 0.02, step_p_or_n: 0.02, num_queries: 15 });
    }
    expect(self!.al).toMatchObject({ sampling_type: "random", gamma_or_k_confident_to_save: 0.25 });
    expect(random!.al).toMatchObject({ sampling_type: "none", gamma_or_k_confident_to_save: null });
    expect(notices).toContain("al.gamma_or_k_confident_to_save without al.sampling_type means random");
    expect(notices).toContain(
      "plan.yaml:22: al.gamma_or_k_confident_to_save has no effect: al.strategy is random, which scores nothing " +
        "(al_random_bert-base-m)",
    );
  });

  it("2: RuMedNER, three acquisition models", async () => {
    const { experiments, notices } = await resolve(listing(2));
    const bert = "bert-base-multilingual-cased";
    expect(experiments.map(essence)).toEqual([
      ["rumedner_al_distilmbert-base_bert-base-mult", "asm", "mnlp", "distilbert-base-multilingual-cased", bert],
      ["rumedner_al_rubert-tiny2_bert-base-mult", "asm", "mnlp", "cointegrated/rubert-tiny2", bert],
      ["rumedner_al_rubert-tiny_bert-base-mult", "asm", "mnlp", "cointegrated/rubert-tiny", bert],
    ]);
    for (const { task, metric, data, al, acquisition_model, successor_model } of experiments) {
      expect([task, metric, data.dataset_name, data.validation]).toEqual(["tagging", "entity_macro_f1", "rumedner", 0]);
      expect(al).toMatchObject({ init_p_or_n: 0.02, step_p_or_n: 0.02, split_by_tokens: true, num_queries: 15 });
      expect(al).toMatchObject({ sampling_type: "random", gamma_or_k_confident_to_save: 0.25 });
      for (const { training } of [acquisition_model, successor_model]) {
        expect(training).toMatchObject({ lr: 5e-5, epochs: 15, min_steps: 1000, step_rule: "algorithm1", steps: null });
        expect(training.batch_size_args).toMatchObject({ batch_size: 16, min_batch_size: 4 });
      }
    }
    expect(notices).toEqual([LAUNCHER]);
  });

  it("3: CoNLL-2003, random and self-selection", async () => {
    const { experiments } = await resolve(listing(3));
    const [bert, electra] = ["bert-base-uncased", "google/electra-small-discriminator"];
    expect(experiments.map(essence)).toEqual([
      ["conll2003_al_random_bert-base-uncased", "one", "random", bert, bert],
      ["conll2003_al_bert-base-uncased", "one", "mnlp", bert, bert],
      ["conll2003_al_random_electra-small", "one", "random", electra, electra],
    ]);
    for (const { data } of experiments) expect(data.dataset_name).toBe("conll2003");
    expect(experiments.map(({ al }) => al.gamma_or_k_confident_to_save)).toEqual([null, 0.25, null]);
  });

  it("4: TREC, random, self-selection and a distilled model", async () => {
    const { experiments } = await resolve(listing(4));
    const bert = "bert-base-cased";
    expect(experiments.map(essence)).toEqual([
      ["trec_al_random_bert-base", "one", "random", bert, bert],
      ["trec_al_bert-base", "one", "lc", bert, bert],
      ["trec_al_distilbert_bert-base", "asm", "lc", "distilbert-base-cased", bert],
    ]);
    for (const { data, al, successor_model: { training } } of experiments) {
      expect(data).toMatchObject({ dataset_name: "trec", validation: 0.1 });
      expect(al).toMatchObject({ init_p_or_n: 0.01, step_p_or_n: 0.01, sampling_type: "none" });
      expect(training).toMatchObject({
        lr: 2e-5,
        epochs: 10,
        min_steps: 350,
        weight_decay: 0.01,
        warmup: 0.1,
        clip: 1,
      });
    }
  });

  it("5: SamSum, with arguments folded over two lines", async () => {
    const { experiments } = await resolve(listing(5));
    expect(experiments.map(essence)).toEqual([
      ["samsum_al_random_t5-base", "one", "random", "t5-base", "t5-base"],
      ["samsum_al_t5-base", "one", "sequence_score", "t5-base", "t5-base"],
    ]);
    for (const { task, metric, data, al, generation, successor_model: { training } } of experiments) {
      expect([task, metric]).toEqual(["seq2seq", "rouge1"]);
      expect(data).toMatchObject({
        dataset_name: "samsum",
        path: "datasets",
        text_name: "dialogue",
        label_name: "summary",
      });
      expect(al).toMatchObject({ init_p_or_n: 50, step_p_or_n: 50 });
      expect(generation).toEqual({ num_beams: 3, max_length: 256 });
      expect(training).toMatchObject({ min_steps: 50, accumulation: 4 });
      expect(training.batch_size_args).toEqual({ batch_size: 4, min_batch_size: 4, eval_batch_size: 16 });
    }
    expect(experiments[1]!.al).toMatchObject({ sampling_type: "random", gamma_or_k_confident_to_save: 1000 });
  });

  it("take arguments from the command line for every task, files of the data set among them", async () => {
    const { experiments } = await resolve(listing(4), [
      ...["seeds=[7]", "training.min_steps=5", "data.dataset_name=trec", "data.train=a.jsonl", "data.test=b.jsonl"],
    ]);
    for (const { seeds, data, acquisition_model, successor_model } of experiments) {
      expect(seeds).toEqual([7]);
      expect(data).toMatchObject({
        dataset_name: "trec",
        train: "a.jsonl",
        test: "b.jsonl",
        test_fraction: null,
        validation: 0.1,
      });
      expect([acquisition_model.training.min_steps, successor_model.training.min_steps]).toEqual([5, 5]);
    }
  });
});
