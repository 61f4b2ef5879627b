import type { TrainingConfig } from "../config/schema.ts";
import type { DataSet } from "../data/example.ts";
import { Failure, InputError } from "../errors.ts";
import { classificationMetrics } from "../evaluation/classification_metrics.ts";
import { canonicalJson, hash } from "../hash.ts";
import { initialValues } from "../models/initialize.ts";
import { Classifier, classifierParameters, type ClassifierSpec, sharedParameters } from "../models/model.ts";
import type { LoadedModel } from "../models/model_source.ts";
import { random, shuffled } from "../random.ts";
import { trainingBatches } from "../text/length_buckets.ts";
import { crossEntropy } from "../tfjs/operations/cross_entropy.ts";
import { fineTune } from "../training/fine_tune.ts";
import { stepRules } from "../training/step_rules.ts";
import { Encoder } from "./encoder.ts";
import type { Learner, Task } from "./task.ts";
import { trainedClassifier } from "./trained_classifier.ts";

/** One label of several for each text. */
export const classification: Task = {
  name: "classification",
  metrics: classificationMetrics.names(),
  capabilities: ["rowStats", "dropoutCommittee"],
  tokens: ({ text }) => text.split(/\s+/).filter(Boolean).length,
  learner: classificationLearner,
};

function classificationLearner(data: DataSet, model: LoadedModel, config: TrainingConfig): Learner {
  const longest = model.architecture.longest(model.config);
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
    lacks: (capability) =>
      capability === "dropoutCommittee" && model.architecture.dropout(model.config) === 0
        ? `model '${model.name}' has no dropout, so that all its passes would agree`
        : undefined,
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
        const { eval_batch_size: batchSize } = config.batch_size_args;
        const trained = { classifier, labels: data.labels, encoder, batchSize, seed, name: model.name };
        return { model: trainedClassifier(trained), losses, ...budget };
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
 * The pretrained weights, where there are any; the others from scratch, by seed and model. What depends on the classes is always new,
 * since they are those of another task; a pretrained pooler is kept.
 */
function initial(spec: ClassifierSpec, model: LoadedModel, seed: number): Map<string, Float32Array> {
  const kept = [...spec.architecture.backbone(spec.config), ...sharedParameters(spec)].flatMap(({ name }) => {
    const values = model.pretrained?.get(name);
    return values ? [[name, values] as const] : [];
  });
  const names = new Set(kept.map(([name]) => name));
  const drawn = classifierParameters(spec).filter(({ name }) => !names.has(name));
  return new Map([...kept, ...initialValues(drawn, seed, model.name)]);
}
