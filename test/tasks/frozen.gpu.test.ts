import { beforeAll, describe, expect, it } from "vitest";
import type { TrainingConfig } from "../../src/config/schema.ts";
import type { DataSet } from "../../src/data/example.ts";
import type { LabelledExample } from "../../src/data/examples.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { Classifier, classifierParameters } from "../../src/models/model.ts";
import type { LoadedModel } from "../../src/models/model_source.ts";
import { inference } from "../../src/models/pass.ts";
import { classification } from "../../src/tasks/classification.ts";
import { Encoder } from "../../src/tasks/encoder.ts";
import type { Outputs, TrainedModel } from "../../src/tasks/task.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose } from "../kernels/cases.ts";
import { specOf, tinyBert } from "../models/tiny_models.ts";
import { labelTexts, wordTokenizer } from "./label_texts.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

const labels = ["ham", "spam"];
const examples = (part: string, count: number) => labelTexts(["frozen texts", part], count, { labels, longest: 9 });

const data: DataSet = { name: "words", train: examples("train", 40), test: examples("test", 20), labels };
const labelled = data.train.slice(0, 24) as LabelledExample[];

const config: TrainingConfig = {
  lr: 5e-2,
  epochs: 1,
  step_rule: "fixed",
  min_steps: 1,
  steps: 80,
  batch_size_args: { batch_size: 8, min_batch_size: 4, eval_batch_size: 8 },
  accumulation: 1,
  weight_decay: 0.01,
  warmup: 0.1,
  clip: 1,
  max_length: 16,
  frozen: true,
};

const spec = specOf(tinyBert, labels.length);
const values = initialValues(classifierParameters(spec), 7, "pretrained");
const ofHead = (name: string) => name.startsWith("classifier.");
const ofPooler = (name: string) => name.startsWith("bert.pooler.");

/** With those of its weights that are called so. */
function pretrained(kept: (name: string) => boolean): LoadedModel {
  const { architecture, config } = spec;
  const own = new Map([...values].filter(([name]) => kept(name)));
  return { name: "tiny", architecture, config, tokenizer: wordTokenizer, pretrained: own, fingerprint: "0" };
}

const quiet = { report: () => Promise.resolve() };
const ask = (model: TrainedModel): Promise<Outputs> => model.outputs!(data.test, quiet);

async function trained(kept: (name: string) => boolean, changes: Partial<TrainingConfig> = {}) {
  const { model, losses } = await classification.learner(data, pretrained(kept), { ...config, ...changes })
    .train(labelled, 3, quiet);
  const outputs = await ask(model);
  model.dispose();
  return { outputs, losses };
}

/** What the pretrained weights make of the test set. */
async function untrained(): Promise<Float32Array> {
  const model = new Classifier(spec, values);
  const encoder = new Encoder(wordTokenizer, config.max_length);
  const features = await model.features(encoder.batch(data.test), inference).data() as Float32Array;
  model.dispose();
  return features;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a frozen training", () => {
  it("leaves all that is pretrained as it is, and its head learns", async () => {
    const { outputs, losses } = await trained((name) => !ofHead(name));
    expectClose(outputs.features, await untrained(), 5e-6);
    expect(mean(losses.slice(-5))).toBeLessThan(0.9 * mean(losses.slice(0, 5)));
  });

  it("trains the part of a head that is not pretrained, too", async () => {
    const { outputs, losses } = await trained((name) => !ofHead(name) && !ofPooler(name));
    const before = await untrained();
    expect(Math.max(...outputs.features.map((value, at) => Math.abs(value - before[at]!)))).toBeGreaterThan(1e-2);
    expect(mean(losses.slice(-5))).toBeLessThan(0.9 * mean(losses.slice(0, 5)));
  });

  it("is another training than one of the whole model", async () => {
    const { outputs } = await trained((name) => !ofHead(name), { frozen: undefined });
    const before = await untrained();
    expect(Math.max(...outputs.features.map((value, at) => Math.abs(value - before[at]!)))).toBeGreaterThan(1e-2);
    const identity = (frozen: true | undefined) =>
      classification.learner(data, pretrained(() => true), { ...config, frozen }).identity;
    expect(identity(true)).not.toBe(identity(undefined));
  });

  it("gives the same bytes whatever its learner was asked before", async () => {
    const learner = classification.learner(data, pretrained((name) => !ofHead(name)), config);
    const first = await learner.train(labelled.slice(5, 9), 1, quiet);
    await first.model.evaluate(data.test.slice(0, 3), quiet);
    first.model.dispose();
    const later = await learner.train(labelled, 3, quiet);
    const outputs = await ask(later.model);
    later.model.dispose();
    const fresh = await trained((name) => !ofHead(name));
    expect(later.losses).toEqual(fresh.losses);
    expect(outputs).toEqual(fresh.outputs);
  });
});
