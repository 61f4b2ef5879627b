import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Batch } from "../../src/models/batch.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { Classifier, classifierParameters, type ClassifierSpec } from "../../src/models/model.ts";
import { inference, trainingPass } from "../../src/models/pass.ts";
import { random } from "../../src/random.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { withLowLimits } from "../gpu/low_limits.ts";
import { expectClose } from "../kernels/cases.ts";
import { batchOf, specOf } from "./tiny_models.ts";

const WORDS = "bert.embeddings.word_embeddings.weight";
/** A fifth of the larger word tables below. */
const MOST = 80_000;

let usual: Gpu;
let low: Gpu;
beforeAll(async () => {
  usual = await testGpu();
  low = withLowLimits(usual, { maxStorageBufferBindingSize: MOST });
});

function bertOf(words: number): ClassifierSpec {
  return specOf({
    model_type: "bert",
    vocab_size: words,
    hidden_size: 64,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 68,
    max_position_embeddings: 16,
    embedding_initializer_range: 0.3,
  } as { model_type: string });
}

/** Of words from all over the vocabulary, some of them several times, and padding. */
function textsOf(words: number, rows: number, length: number): Batch {
  const from = random("split tables", words, rows, length);
  const idOf = () => (from.below(3) === 0 ? 7 : 1 + from.below(words - 1));
  return batchOf(Array.from({ length: rows }, (_, row) => Array.from({ length: length - row % 2 }, idOf)));
}

/** The same model with the words' head, whose matrix is the table, in the place of its own. */
function withWords(spec: ClassifierSpec): ClassifierSpec {
  return { ...spec, architecture: { ...spec.architecture, classification: spec.architecture.words! } };
}

/** What a model computes and learns, by what it is. */
type Results = Map<string, Float32Array>;

/** Three steps on one batch, with dropout: the first's gradients, and the parameters after one step and after three. */
async function trained(gpu: Gpu, spec: ClassifierSpec, batch: Batch, targets: Int32Array, clip: number) {
  const backend = await useGpu(gpu);
  const model = new Classifier(spec, initialValues(classifierParameters(spec), 1, "split"));
  const { parameters } = model;
  const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, clip };
  const optimizer = createAdamW(parameters, settings, { base: 0.01 });
  const results: Results = new Map();
  // Parts of one thing come after each other.
  const keep = async (what: string, tensor: tf.Tensor) => {
    const values = [...results.get(what) ?? [], ...await tensor.data()];
    results.set(what, Float32Array.from(values));
    tensor.dispose();
  };
  const states = tf.tidy(() => [...model.encode(batch, inference).layers]);
  for (const [layer, each] of states.entries()) await keep(`states ${layer}`, each);
  await keep("logits", tf.tidy(() => model.logits(batch, inference)));
  for (let step = 1; step <= 3; step++) {
    const loss = () => crossEntropy(model.logits(batch, trainingPass(3, step)), targets);
    const { value, gradients } = tf.tidy(() => valueAndGradients(loss, parameters.all()));
    // As two halves, which are added up.
    const halves = gradients.map((each) => tf.mul(each, 0.5));
    optimizer.accumulate(halves);
    optimizer.accumulate(halves);
    optimizer.step();
    tf.dispose(halves);
    await keep(`loss ${step}`, value);
    if (step === 1) {
      for (const [index, name] of parameters.names().entries()) await keep(`gradient of ${name}`, gradients[index]!);
    }
    if (step === 2) continue;
    for (const [name, values] of await parameters.read()) results.set(`${name} after ${step}`, values);
  }
  const parts = parameters.table(WORDS).map(({ shape }) => shape[0]);
  optimizer.dispose();
  model.dispose();
  backend.releaseFreeBuffers();
  return { parts, results };
}

function expectSameBits(actual: Results, wanted: Results): void {
  expect([...actual.keys()]).toEqual([...wanted.keys()]);
  for (const [what, values] of wanted) {
    const own = actual.get(what)!;
    const at = values.findIndex((value, index) => !Object.is(value, own[index]));
    expect([what, own.length, at, own[at]]).toEqual([what, values.length, -1, undefined]);
  }
}

describe.each([["a head of classes", false], ["the words' head", true]] as const)(
  "a model whose table of words is larger than the device binds, with %s,",
  (_head, isOfWords) => {
    it.each([1500, 1501])("computes and learns the same, to the bit: %i words", async (words) => {
      const plain = bertOf(words);
      const spec = isOfWords ? withWords(plain) : plain;
      const batch = isOfWords ? textsOf(words, 2, 6) : textsOf(words, 6, 12);
      const from = random("targets", words);
      const targets = isOfWords
        ? batch.ids.map((id) => (id === 0 ? -100 : from.below(words)))
        : Int32Array.from({ length: batch.rows }, () => from.below(3));
      const whole = await trained(usual, spec, batch, targets, 1e9);
      const split = await trained(low, spec, batch, targets, 1e9);
      expect(whole.parts).toEqual([words]);
      expect(split.parts).toEqual([256, 256, 256, 256, 256, words - 1280]);
      expectSameBits(split.results, whole.results);
      const [first, third] = [1, 3].map((step) => whole.results.get(`${WORDS} after ${step}`)!);
      expect(first!.some((value, index) => value !== third![index])).toBe(true);
    });
  },
);

it("a model in parts clips by the same norm, which adds up in another order", async () => {
  const spec = bertOf(1400);
  const batch = textsOf(1400, 2, 6);
  const whole = await trained(usual, spec, batch, Int32Array.of(0, 2), 0.01);
  const split = await trained(low, spec, batch, Int32Array.of(0, 2), 0.01);
  for (const [what, values] of whole.results) expectClose(split.results.get(what)!, values, 1e-6, what);
});

describe("logits of words that are larger than the device binds", () => {
  it("are refused with what would fit", async () => {
    await useGpu(low);
    const spec = withWords(bertOf(1000));
    const model = new Classifier(spec, initialValues(classifierParameters(spec), 1, "split"));
    const refusal = (rows: number, length: number) => () =>
      tf.tidy(() => model.logits(textsOf(1000, rows, length), inference));
    expect(refusal(5, 8)).toThrow(
      new Failure(
        `the logits of 5 texts of 8 tokens over 1000 words take 160000 bytes, more than '${low.name}' binds at once; ` +
          "a batch of 2 such texts fits",
      ),
    );
    expect(refusal(2, 8)).not.toThrow();
    model.dispose();
  });
});
