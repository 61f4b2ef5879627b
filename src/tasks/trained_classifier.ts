import { concat, stack, type Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { COMMITTEE_COLUMNS, requireFiniteCommittee } from "../../kernels/committee/committee.ts";
import { requireFinite, ROW_STATS_COLUMNS } from "../../kernels/row_stats/row_stats.ts";
import type { CommitteeStats, RowStats, ScoringControl } from "../acquisition/scoring_model.ts";
import type { Example } from "../data/example.ts";
import { Failure } from "../errors.ts";
import { evaluateClassification } from "../evaluation/evaluate_classification.ts";
import { hash } from "../hash.ts";
import type { Classifier } from "../models/model.ts";
import { inference, type Pass, trainingPass } from "../models/pass.ts";
import { committee } from "../tfjs/operations/committee.ts";
import { rowStats } from "../tfjs/operations/row_stats.ts";
import { softmax } from "../tfjs/operations/softmax.ts";
import type { Encoder, ExampleBatch } from "./encoder.ts";
import type { FrozenFeatures } from "./frozen_features.ts";
import { scan } from "./scan.ts";
import type { TrainedModel } from "./task.ts";

export interface TrainedClassifier {
  /** It belongs to the trained model, which disposes of it. */
  readonly classifier: Classifier;
  readonly labels: readonly string[];
  readonly encoder: Encoder;
  /** Where all below its last layer is frozen. */
  readonly features: FrozenFeatures | undefined;
  /** How many examples are scored or evaluated at once. */
  readonly batchSize: number;
  /** The training's. */
  readonly seed: number;
  /** The model's. */
  readonly name: string;
}

/** What a trained classifier answers. */
export function trainedClassifier(
  { classifier, labels, encoder, features: frozen, batchSize, seed, name }: TrainedClassifier,
): TrainedModel {
  // Of the seed and the model, and not what any training draws from.
  const passSeed = Number.parseInt(hash(JSON.stringify([seed, name, "mc dropout"]), 8), 16);
  const featuresOf = (batch: ExampleBatch<Example>, pass: Pass) =>
    frozen?.of(batch) ?? classifier.features(batch, pass);
  const logitsOf = (batch: ExampleBatch<Example>, pass: Pass) => classifier.logitsOf(featuresOf(batch, pass), pass);
  const predict = (batch: ExampleBatch<Example>) => logitsOf(batch, inference);

  /** Scans for a table with a row an example: gives its columns, each in the order of the examples. */
  async function scanTable(
    examples: readonly Example[],
    control: ScoringControl,
    width: number,
    run: (batch: ExampleBatch<Example>) => Tensor,
    requireRows: (table: Float32Array, nameOf: (row: number) => string) => void,
  ): Promise<Float32Array[]> {
    const columns = Array.from({ length: width }, () => new Float32Array(examples.length));
    const place = new Map(examples.map(({ id }, index) => [id, index]));
    const read = (batch: readonly Example[], table: Float32Array) => {
      requireRows(table, (row) => `example '${batch[row]!.id}'`);
      batch.forEach(({ id }, row) =>
        columns.forEach((column, index) => column[place.get(id)!] = table[row * width + index]!)
      );
    };
    await frozen?.ensure(examples, classifier, control);
    await scan(examples, control, { encoder, batchSize, run, read });
    return columns;
  }

  return {
    async rowStats(examples, control) {
      const run = (batch: ExampleBatch<Example>) => rowStats(predict(batch) as Tensor2D);
      const [leastConfidence, margin, entropy, maxLogProbability] = await scanTable(
        examples,
        control,
        ROW_STATS_COLUMNS.length,
        run,
        requireFinite,
      );
      return { leastConfidence, margin, entropy, maxLogProbability } as RowStats;
    },

    /**
     * Pass p draws its masks by (seed, model, p), the same ones for every batch, by the place of an element in its tensor. So what is
     * said of an example depends, besides the weights and `passes`, on its row in its batch and on the length to which that is
     * padded; these follow from the lengths and ids of all candidates. The same candidates, in any order, give the same bytes.
     */
    async dropoutCommittee(examples, passes, control) {
      // Each pass lets go of its hidden states before the next begins.
      const pass = (batch: ExampleBatch<Example>, index: number) =>
        tidy(() => logitsOf(batch, trainingPass(passSeed, index)));
      const run = (batch: ExampleBatch<Example>) =>
        committee(stack(Array.from({ length: passes }, (_, index) => pass(batch, index))) as Tensor3D);
      const [meanKl, maxKl, voteEntropy, consensusEntropy, meanEntropy] = await scanTable(
        examples,
        control,
        COMMITTEE_COLUMNS.length,
        run,
        requireFiniteCommittee,
      );
      return { meanKl, maxKl, voteEntropy, consensusEntropy, meanEntropy } as CommitteeStats;
    },

    async outputs(examples, control) {
      const classes = labels.length;
      const probabilities = new Float32Array(examples.length * classes);
      const place = new Map(examples.map(({ id }, index) => [id, index]));
      let width = 0;
      let features = new Float32Array();
      const run = (batch: ExampleBatch<Example>) => {
        const own = featuresOf(batch, inference);
        width = own.shape[1]!;
        return concat([softmax(classifier.logitsOf(own, inference) as Tensor2D), own], 1);
      };
      const read = (batch: readonly Example[], values: Float32Array) => {
        if (features.length === 0) features = new Float32Array(examples.length * width);
        batch.forEach(({ id }, row) => {
          const [from, to] = [row * (classes + width), place.get(id)!];
          probabilities.set(values.subarray(from, from + classes), to * classes);
          features.set(values.subarray(from + classes, from + classes + width), to * width);
        });
      };
      await frozen?.ensure(examples, classifier, control);
      await scan(examples, control, { encoder, batchSize, run, read });
      return { classes, probabilities, width, features };
    },

    // Of the control nothing else is passed on: an evaluation is of the model as it was trained, in float32.
    async evaluate(test, { signal, report }) {
      const predicted = new Map<string, string>();
      const read = (batch: readonly Example[], logits: Float32Array) =>
        batch.forEach(({ id }, row) => {
          const own = logits.subarray(row * labels.length, (row + 1) * labels.length);
          const best = Math.max(...own);
          if (!Number.isFinite(best)) throw new Failure(`the logits of example '${id}' hold a NaN or an infinity`);
          predicted.set(id, labels[own.indexOf(best)]!);
        });
      const control = { report, ...(signal ? { signal } : {}) };
      await frozen?.ensure(test, classifier, control);
      await scan(test, control, { encoder, batchSize, run: predict, read });
      const gold = test.map(({ label }) => label!);
      const evaluation = evaluateClassification(gold, test.map(({ id }) => predicted.get(id)!), labels);
      return { metrics: evaluation.metrics, labels, confusion: evaluation.confusion };
    },

    dispose: () => classifier.dispose(),
  };
}
