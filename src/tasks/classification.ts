import type { Tensor } from "@tensorflow/tfjs-core";
import type { TrainingConfig } from "../config/schema.ts";
import type { DataSet, Example } from "../data/example.ts";
import { Failure, InputError } from "../errors.ts";
import { classificationMetrics } from "../evaluation/classification_metrics.ts";
import { canonicalJson, hash } from "../hash.ts";
import { initialValues } from "../models/initialize.ts";
import { Classifier, classifierParameters, type ClassifierSpec, sharedParameters } from "../models/model.ts";
import type { LoadedModel } from "../models/model_source.ts";
import { inference, type Pass } from "../models/pass.ts";
import { random, shuffled } from "../random.ts";
import { trainingBatches } from "../text/length_buckets.ts";
import { crossEntropy } from "../tfjs/operations/cross_entropy.ts";
import type { ParameterValues } from "../tfjs/parameters.ts";
import { fineTune } from "../training/fine_tune.ts";
import { stepRules } from "../training/step_rules.ts";
import { Encoder, type ExampleBatch } from "./encoder.ts";
import { FrozenFeatures } from "./frozen_features.ts";
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
  const { eval_batch_size: batchSize } = config.batch_size_args;
  const kept = pretrained(spec, model);
  const frozen = config.frozen ? frozenNames(spec, kept) : undefined;
  const features = frozen && belowLastLayer(spec).every((name) => kept.has(name))
    ? new FrozenFeatures([...data.train, ...data.test], encoder)
    : undefined;

  /** What is frozen runs without dropout. */
  function logitsIn(classifier: Classifier, batch: ExampleBatch<Example>, pass: Pass): Tensor {
    if (features) return classifier.logitsOf(features.of(batch), pass);
    if (!frozen) return classifier.logits(batch, pass);
    return classifier.logitsOf(classifier.featuresOf(classifier.encode(batch, inference), batch, pass), pass);
  }

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
      const classifier = new Classifier(
        spec,
        initial(spec, kept, model.name, seed),
        frozen && ((name) => !frozen.has(name)),
      );
      try {
        // Sorted first: the order in which labels arrived is no part of what a training is.
        const sorted = [...labelled].sort((a, b) => (a.id < b.id ? -1 : 1));
        const targets = new Map(sorted.map(({ id, label }) => [id, data.labels.indexOf(label)]));
        await features?.ensure(sorted, classifier, { report: () => Promise.resolve(), ...(signal ? { signal } : {}) });
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
            crossEntropy(
              logitsIn(classifier, batch, pass),
              Int32Array.from(batch.examples, ({ id }) => targets.get(id)!),
            ),
          report,
          signal,
        });
        const trained = { classifier, labels: data.labels, encoder, features, batchSize, seed, name: model.name };
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
 * The pretrained weights, where there are any. What depends on the classes is always new, since they are those of another task; a
 * pretrained pooler is kept.
 */
function pretrained(spec: ClassifierSpec, model: LoadedModel): ParameterValues {
  return new Map(
    belowLastLayer(spec).flatMap((name) => {
      const values = model.pretrained?.get(name);
      return values ? [[name, values] as const] : [];
    }),
  );
}

/** The names of all that makes the vectors which are classified. */
function belowLastLayer(spec: ClassifierSpec): string[] {
  return [...spec.architecture.backbone(spec.config), ...sharedParameters(spec)].map(({ name }) => name);
}

/** What a frozen training leaves as it is: all but the head, and of that what is pretrained, such as a pooler. */
function frozenNames(spec: ClassifierSpec, kept: ParameterValues): ReadonlySet<string> {
  return new Set([...spec.architecture.backbone(spec.config).map(({ name }) => name), ...kept.keys()]);
}

/** What is kept, and the others from scratch, by seed and model. */
function initial(spec: ClassifierSpec, kept: ParameterValues, model: string, seed: number): ParameterValues {
  const drawn = classifierParameters(spec).filter(({ name }) => !kept.has(name));
  return new Map([...kept, ...initialValues(drawn, seed, model)]);
}
