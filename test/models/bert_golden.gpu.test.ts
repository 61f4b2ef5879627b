import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Batch } from "../../src/models/batch.ts";
import { bert } from "../../src/models/bert/bert.ts";
import { Classifier } from "../../src/models/model.ts";
import { inference, trainingPass } from "../../src/models/pass.ts";
import { readSafetensors } from "../../src/models/safetensors.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { fixture, jsonFixture } from "../fixtures/fixture.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";

interface Summary {
  readonly shape: number[];
  readonly l2: number;
  readonly sum: number;
  readonly data?: number[];
  readonly first8: number[];
}

const FOLDER = "golden/bert-seq-cls";

// deno-lint-ignore no-explicit-any -- the fixture's own structure
let expected: any;
let batch: Batch;
let labels: Int32Array;
let weights: Map<string, { shape: readonly number[]; values: Float32Array }>;
let config: unknown;

beforeAll(async () => {
  await useGpu(await testGpu());
  expected = await jsonFixture(`${FOLDER}/expected.json`);
  config = await jsonFixture(`${FOLDER}/config.json`);
  weights = readSafetensors(await fixture(`${FOLDER}/model.safetensors`), "model.safetensors");
  const inputs = await jsonFixture(`${FOLDER}/inputs.json`);
  labels = Int32Array.from(inputs.labels);
  batch = {
    rows: 4,
    length: 11,
    ids: Int32Array.from(inputs.input_ids.flat()),
    mask: Float32Array.from(inputs.attention_mask.flat()),
    tokenTypes: Int32Array.from(inputs.token_type_ids.flat()),
  };
});

function open(): Classifier {
  const spec = { architecture: bert as never, config: bert.parseConfig(config, "config.json"), classes: 3 };
  return new Classifier(spec, new Map([...weights].map(([name, { values }]) => [name, values])));
}

/** Relative to the largest magnitude of what is compared. */
function expectRelative(actual: ArrayLike<number>, wanted: readonly number[], tolerance: number, what: string) {
  const scale = Math.max(...wanted.map(Math.abs), 1e-12);
  const worst = Math.max(...wanted.map((value, index) => Math.abs(value - actual[index]!))) / scale;
  expect(worst, what).toBeLessThan(tolerance);
}

describe("BERT and the reference implementation", () => {
  it("agree on hidden states, logits and loss", async () => {
    const model = open();
    const { layers } = model.encode(batch, inference);
    for (const [layer, states] of layers.entries()) {
      const actual = await states.data();
      for (const [row, { shape, data }] of expected.hidden_states[layer].entries()) {
        const start = row * batch.length * 36;
        expectRelative(actual.slice(start, start + shape[0] * 36), data, 1e-4, `layer ${layer}, example ${row}`);
      }
    }
    const logits = model.logits(batch, inference);
    expectRelative(await logits.data(), expected.logits.data, 1e-4, "logits");
    expect((await crossEntropy(logits, labels).data())[0]! / expected.loss).toBeCloseTo(1, 5);
    model.dispose();
  });

  it("agree on every gradient", async () => {
    const model = open();
    const { value, gradients } = valueAndGradients(
      () => crossEntropy(model.logits(batch, trainingPass(0, 1)), labels),
      model.parameters.all(),
    );
    expect((await value.data())[0]! / expected.loss).toBeCloseTo(1, 5);
    const exact = readSafetensors(await fixture(`${FOLDER}/grads.safetensors`), "grads.safetensors");
    expect(model.parameters.specs.map(({ name }) => name).sort()).toEqual([...exact.keys()].sort());
    for (const [index, { name }] of model.parameters.specs.entries()) {
      const actual = await gradients[index]!.data();
      if (name in expected.zero_grad_ranges) expect(Math.max(...actual.map(Math.abs)), name).toBeLessThan(1e-7);
      else expectRelative(actual, [...exact.get(name)!.values], 1e-4, name);
    }
    model.dispose();
  });

  it("agree on the parameters after one and after three steps of AdamW", async () => {
    const { lr, betas, eps, weight_decay } = expected.adamw.hyperparameters ?? expected.adamw;
    const model = open();
    const noDecay = new Set<string>(expected.adamw.no_decay);
    for (const { name, decays } of model.parameters.specs) expect(decays, name).toBe(!noDecay.has(name));
    const settings = { beta1: betas[0], beta2: betas[1], epsilon: eps, decay: weight_decay, clip: 1 };
    const optimizer = createAdamW(model.parameters, settings, { base: lr });
    for (let step = 1; step <= 3; step++) {
      const { value, gradients } = valueAndGradients(
        () => crossEntropy(model.logits(batch, inference), labels),
        model.parameters.all(),
      );
      expect((await value.data())[0]!).toBeCloseTo(expected.adamw.losses[step - 1], 4);
      optimizer.accumulate(gradients);
      optimizer.step();
      tf.dispose([value, ...gradients]);
      if (step === 2) continue;
      const wanted = expected.adamw[`step${step}`] as Record<string, Summary>;
      for (const [name, values] of await model.parameters.read()) {
        if (name in expected.zero_grad_ranges) continue;
        const l2 = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
        expect(l2 / wanted[name]!.l2, `${name} after step ${step}`).toBeCloseTo(1, 4);
        const given = wanted[name]!.data ?? wanted[name]!.first8;
        given.forEach((value, index) => expect(Math.abs(value - values[index]!), name).toBeLessThan(6e-5));
      }
    }
    optimizer.dispose();
    model.dispose();
  });
});
