import type { RowStats } from "../../src/acquisition/scoring_model.ts";
import type { DataSet, Example } from "../../src/data/example.ts";
import type { LabelledExample } from "../../src/data/examples.ts";
import { stopIfAborted } from "../../src/errors.ts";
import { evaluateClassification } from "../../src/evaluation/evaluate_classification.ts";
import { canonicalJson, hash } from "../../src/hash.ts";
import { random } from "../../src/random.ts";
import type { Learner, Task, TrainedModel } from "../../src/tasks/task.ts";

/** How many words of a text a model sees, by its name: so that models differ in what they pick. */
const SEEN: Readonly<Record<string, number>> = { "encoder-64": 6, "encoder-32": 3, "bag-64": 1 };

const words = ({ text }: Example) => text.split(" ");

/** What the stub's trainings did, for tests of who trains when. */
export interface StubLog {
  /** The sizes of the training sets, by model, in order. */
  readonly trained: { readonly model: string; readonly examples: number }[];
  /** Models with weights that nobody has let go of. */
  alive: number;
}

/** A task without a GPU: a model is counts of labels, overall and for each word (naive Bayes), and an example costs its words. */
export function stubTask(log: StubLog = { trained: [], alive: 0 }): Task {
  return {
    name: "stub",
    metrics: ["accuracy", "macro_f1"],
    capabilities: ["rowStats"],
    tokens: (example) => words(example).length,
    learner: (data, { name, fingerprint }, training): Learner => ({
      model: name,
      identity: hash(canonicalJson(["stub", fingerprint, data.labels, training]), 16),
      async train(labelled, seed, { signal, report }) {
        const losses = [1, 0.5, 0.25];
        for (const [index, loss] of losses.entries()) {
          stopIfAborted(signal);
          await report({ step: index + 1, steps: losses.length, loss, examples: (index + 1) * labelled.length });
        }
        log.trained.push({ model: name, examples: labelled.length });
        log.alive++;
        return {
          model: counting(labelled, data, name, seed, log),
          steps: losses.length,
          batchSize: 1,
          epochs: 1,
          losses,
        };
      },
    }),
  };
}

function counting(
  labelled: readonly LabelledExample[],
  data: DataSet,
  name: string,
  seed: number,
  log: StubLog,
): TrainedModel {
  const seen = (example: Example) => words(example).slice(0, SEEN[name] ?? 2);
  // Each seed has its own first guess, as a new head would.
  const guess = data.labels.map((label) => random(seed, name, label).uniform());
  const counts = data.labels.map((label) => {
    const own = labelled.filter((example) => example.label === label);
    const each = new Map<string, number>();
    for (const word of own.flatMap(seen)) each.set(word, (each.get(word) ?? 0) + 1);
    return { examples: own.length, each };
  });
  const probabilities = (example: Example): number[] => {
    const weights = counts.map(({ examples, each }, index) =>
      seen(example).reduce(
        (weight, word) => weight * ((each.get(word) ?? 0) + 0.5) / (examples + 1),
        examples + guess[index]!,
      )
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  };
  return {
    async rowStats(examples, { signal, report }) {
      stopIfAborted(signal);
      const rows = examples.map(probabilities);
      await report(examples.length, examples.length);
      return statsOf(rows);
    },
    async evaluate(test, { signal, report }) {
      stopIfAborted(signal);
      const predicted = test.map((example) => {
        const row = probabilities(example);
        return data.labels[row.indexOf(Math.max(...row))]!;
      });
      await report(test.length, test.length);
      const { metrics, confusion } = evaluateClassification(test.map(({ label }) => label!), predicted, data.labels);
      return { metrics, labels: data.labels, confusion };
    },
    dispose: () => void log.alive--,
  };
}

/** The statistics of rows of probabilities, in the plainest way. */
export function statsOf(rows: readonly (readonly number[])[]): RowStats {
  const column = (of: (row: readonly number[]) => number) => Float32Array.from(rows, of);
  const sorted = (row: readonly number[]) => [...row].sort((a, b) => b - a);
  return {
    leastConfidence: column((row) => 1 - Math.max(...row)),
    margin: column((row) => sorted(row)[0]! - sorted(row)[1]!),
    entropy: column((row) => -row.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0)),
    maxLogProbability: column((row) => Math.log(Math.max(...row))),
  };
}
