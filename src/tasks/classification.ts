import { dispose, tidy } from "@tensorflow/tfjs-core";
import { requireFinite } from "../../kernels/row_stats/row_stats.ts";
import type { RowStats, ScanControl } from "../acquisition/scoring_model.ts";
import type { TrainingConfig } from "../config/schema.ts";
import type { DataSet, Example } from "../data/example.ts";
import { Failure, InputError, stopIfAborted } from "../errors.ts";
import { classificationMetrics } from "../evaluation/classification_metrics.ts";
import { evaluateClassification } from "../evaluation/evaluate_classification.ts";
import { canonicalJson, hash } from "../hash.ts";
import { initialValues } from "../models/initialize.ts";
import { Classifier, classifierParameters, type ClassifierSpec } from "../models/model.ts";
import type { LoadedModel } from "../models/model_source.ts";
import { inference } from "../models/pass.ts";
import { random, shuffled } from "../random.ts";
import { evaluationBatches, trainingBatches } from "../text/length_buckets.ts";
import { releaseFreeBuffers } from "../tfjs/memory.ts";
import { crossEntropy } from "../tfjs/operations/cross_entropy.ts";
import { rowStats } from "../tfjs/operations/row_stats.ts";
import { fineTune } from "../training/fine_tune.ts";
import { stepRules } from "../training/step_rules.ts";
import { Encoder } from "./encoder.ts";
import type { Learner, Task, TrainedModel } from "./task.ts";

/** One label of several for each text. */
export const classification: Task = {
  name: "classification",
  metrics: classificationMetrics.names(),
  capabilities: ["rowStats"],
  tokens: ({ text }) => text.split(/\s+/).filter(Boolean).length,
  learner: classificationLearner,
};

function classificationLearner(data: DataSet, model: LoadedModel, config: TrainingConfig): Learner {
  const { max_position_embeddings: longest } = model.config;
  if (config.max_length > longest) {
    throw new InputError(
      `training.max_length is ${config.max_length}; model '${model.name}' takes at most ${longest} tokens`,
    );
  }
  const spec = { architecture: model.architecture, config: model.config, classes: data.labels.length };
  const encoder = new Encoder(model.tokenizer, config.max_length);
  return {
    model: model.name,
    identity: hash(canonicalJson(["classification", data.labels, model.fingerprint, trainingPart(config)]), 16),
    async train(labelled, seed, { signal, report }) {
      if (labelled.length === 0) {
        throw new Failure(`nothing is labelled, so there is nothing to train '${model.name}' on`);
      }
      const budget = stepRules.get(config.step_rule).budget({ ...config, examples: labelled.length });
      const classifier = new Classifier(spec, initial(spec, model, seed));
      try {
        // Sorted first: the order in which labels arrived is no part of what a training is.
        const sorted = [...labelled].sort((a, b) => (a.id < b.id ? -1 : 1));
        const targets = new Map(sorted.map(({ id, label }) => [id, data.labels.indexOf(label)]));
        const losses = await fineTune({
          model: classifier,
          budget,
          config,
          seed,
          modelName: model.name,
          batches: (epoch) => {
            const order = shuffled(sorted, random(seed, model.name, "shuffle", epoch));
            return trainingBatches(order, (example) => encoder.lengthOf(example), budget.batchSize)
              .map((batch) => encoder.batch(batch));
          },
          loss: (batch, pass) =>
            crossEntropy(classifier.logits(batch, pass), Int32Array.from(batch.examples, ({ id }) => targets.get(id)!)),
          report,
          signal,
        });
        return { model: trainedModel(classifier, data, encoder, config), losses, ...budget };
      } catch (thrown) {
        classifier.dispose();
        throw thrown;
      }
    },
  };
}

/** What of the configuration shapes the weights; the batch of an evaluation does not. */
function trainingPart({ batch_size_args: { eval_batch_size: _, ...batchSize }, ...config }: TrainingConfig) {
  return { ...config, batch_size_args: batchSize };
}

/**
 * A model from scratch, and a new head, by seed and model; over it the pretrained weights, where there are any. The classifier
 * is always new, since its classes are those of another task; a pretrained pooler is kept.
 */
function initial(spec: ClassifierSpec, model: LoadedModel, seed: number): Map<string, Float32Array> {
  const values = initialValues(classifierParameters(spec), seed, model.name);
  for (const [name, pretrained] of model.pretrained ?? []) {
    if (values.has(name) && !name.startsWith("classifier.")) values.set(name, pretrained);
  }
  return values;
}

function trainedModel(model: Classifier, data: DataSet, encoder: Encoder, config: TrainingConfig): TrainedModel {
  const { eval_batch_size } = config.batch_size_args;

  /** Runs over examples in batches of like length; `read` takes what one batch gave. */
  async function scan(
    examples: readonly Example[],
    { signal, report }: ScanControl,
    read: (batch: readonly Example[], logits: ReturnType<Classifier["logits"]>) => Promise<void>,
  ): Promise<void> {
    const batches = evaluationBatches(examples, (example) => encoder.lengthOf(example), eval_batch_size);
    let done = 0;
    try {
      for (const batch of batches) {
        stopIfAborted(signal);
        const logits = tidy(() => model.logits(encoder.batch(batch), inference));
        try {
          await read(batch, logits);
        } finally {
          logits.dispose();
        }
        done += batch.length;
        await report(done, examples.length);
      }
    } finally {
      releaseFreeBuffers();
    }
  }

  return {
    async rowStats(examples, control) {
      const stats = rowStatsOf(examples.length);
      const place = new Map(examples.map(({ id }, index) => [id, index]));
      await scan(examples, control, async (batch, logits) => {
        const table = rowStats(logits as never);
        const values = await table.data() as Float32Array;
        dispose(table);
        requireFinite(values, (row) => `example '${batch[row]!.id}'`);
        batch.forEach(({ id }, row) => {
          const at = place.get(id)!;
          [stats.leastConfidence[at], stats.margin[at], stats.entropy[at], stats.maxLogProbability[at]] = values
            .subarray(row * 4, row * 4 + 4) as unknown as [number, number, number, number];
        });
      });
      return stats;
    },

    async evaluate(test, control) {
      const predicted = new Map<string, string>();
      await scan(test, control, async (batch, logits) => {
        const values = await logits.data() as Float32Array;
        const classes = data.labels.length;
        batch.forEach(({ id }, row) => {
          const own = values.subarray(row * classes, (row + 1) * classes);
          const best = Math.max(...own);
          if (!Number.isFinite(best)) throw new Failure(`the logits of example '${id}' hold a NaN or an infinity`);
          predicted.set(id, data.labels[own.indexOf(best)]!);
        });
      });
      const gold = test.map(({ label }) => label!);
      const evaluation = evaluateClassification(gold, test.map(({ id }) => predicted.get(id)!), data.labels);
      return { metrics: evaluation.metrics, labels: data.labels, confusion: evaluation.confusion };
    },

    dispose: () => model.dispose(),
  };
}

function rowStatsOf(count: number): RowStats {
  return {
    leastConfidence: new Float32Array(count),
    margin: new Float32Array(count),
    entropy: new Float32Array(count),
    maxLogProbability: new Float32Array(count),
  };
}
