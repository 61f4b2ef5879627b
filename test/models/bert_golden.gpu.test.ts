import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Batch } from "../../src/models/batch.ts";
import { Classifier } from "../../src/models/model.ts";
import { inference, trainingPass } from "../../src/models/pass.ts";
import { readSafetensors } from "../../src/models/safetensors.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { fixture, jsonFixture } from "../fixtures/fixture.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { bertWithHead } from "./bert_heads.ts";

interface Values {
  readonly shape: number[];
  readonly data: number[];
}

interface Summary {
  readonly l2: number;
  readonly data?: number[];
  readonly first8: number[];
}

beforeAll(async () => {
  await useGpu(await testGpu());
});

/** A checkpoint of the reference implementation, and what that computes with it. */
async function golden(head: keyof typeof bertWithHead) {
  const folder = `golden/bert/${head}`;
  const inputs = await jsonFixture(`${folder}/inputs.json`);
  const weights = readSafetensors(await fixture(`${folder}/model.safetensors`), "model.safetensors");
  const config = bertWithHead[head].parseConfig(await jsonFixture(`${folder}/config.json`), "config.json");
  const batch: Batch = {
    rows: 4,
    length: 11,
    ids: Int32Array.from(inputs.input_ids.flat()),
    mask: Float32Array.from(inputs.attention_mask.flat()),
    tokenTypes: Int32Array.from(inputs.token_type_ids.flat()),
  };
  const classes = weights.get("classifier.bias")?.shape[0] ?? config.vocab_size;
  return {
    expected: await jsonFixture(`${folder}/expected.json`),
    gradients: readSafetensors(await fixture(`${folder}/grads.safetensors`), "grads.safetensors"),
    batch,
    labels: Int32Array.from(inputs.labels.flat() as number[]),
    open: () =>
      new Classifier(
        { architecture: bertWithHead[head] as never, config, classes },
        new Map([...weights].map(([name, { values }]) => [name, values])),
      ),
  };
}

/** Relative to the largest magnitude of what is compared. */
function expectRelative(actual: ArrayLike<number>, wanted: readonly number[], tolerance: number, what: string) {
  const scale = Math.max(...wanted.map(Math.abs), 1e-12);
  const worst = Math.max(...wanted.map((value, index) => Math.abs(value - actual[index]!))) / scale;
  expect(worst, what).toBeLessThan(tolerance);
}

/** Compares each example's real tokens, of a tensor [examples, length, ...]. */
async function expectTokens(actual: tf.Tensor, wanted: readonly Values[], what: string) {
  const values = await actual.data();
  const stride = actual.size / actual.shape[0]!;
  for (const [row, { data }] of wanted.entries()) {
    const own = values.subarray(row * stride, row * stride + data.length);
    expectRelative(own as Float32Array, data, 1e-4, `${what}, example ${row}`);
  }
}

describe.each(["seq-cls", "token-cls", "mlm"] as const)("BERT and the reference implementation, head %s", (head) => {
  it("agree on hidden states, logits and loss", async () => {
    const { expected, batch, labels, open } = await golden(head);
    const model = open();
    const { layers } = model.encode(batch, inference);
    for (const [layer, states] of layers.entries()) {
      await expectTokens(states, expected.hidden_states[layer], `layer ${layer}`);
    }
    const logits = model.logits(batch, inference);
    if (head === "seq-cls") expectRelative(await logits.data(), expected.logits.data, 1e-4, "logits");
    else await expectTokens(logits, expected.logits, "logits");
    expect((await crossEntropy(logits, labels).data())[0]! / expected.loss).toBeCloseTo(1, 5);
    model.dispose();
  });

  it("agree on every gradient", async () => {
    const { expected, gradients: exact, batch, labels, open } = await golden(head);
    const model = open();
    const { value, gradients } = valueAndGradients(
      () => crossEntropy(model.logits(batch, trainingPass(0, 1)), labels),
      model.parameters.all(),
    );
    expect((await value.data())[0]! / expected.loss).toBeCloseTo(1, 5);
    expect(model.parameters.specs.map(({ name }) => name).sort()).toEqual([...exact.keys()].sort());
    for (const [index, { name }] of model.parameters.specs.entries()) {
      const actual = await gradients[index]!.data();
      if (name in expected.zero_grad_ranges) {
        // Zero, but for the rounding of float32, which is as large as all gradients are.
        expect(Math.max(...actual.map(Math.abs)) / expected.grad_norm, name).toBeLessThan(1.6e-8);
      } else {
        expectRelative(actual, [...exact.get(name)!.values], 1e-4, name);
      }
    }
    model.dispose();
  });

  it("agree on the parameters after one and after three steps of AdamW", async () => {
    const { expected, batch, labels, open } = await golden(head);
    const { lr, betas, eps, weight_decay, no_decay } = expected.adamw;
    const model = open();
    const noDecay = new Set<string>(no_decay);
    for (const { name, decays } of model.parameters.specs) expect(decays, name).toBe(!noDecay.has(name));
    const settings = { beta1: betas[0], beta2: betas[1], epsilon: eps, decay: weight_decay, clip: 1 };
    const optimizer = createAdamW(model.parameters, settings, { base: lr });
    for (let step = 1; step <= 3; step++) {
      const { value, gradients } = valueAndGradients(
        () => crossEntropy(model.logits(batch, inference), labels),
        model.parameters.all(),
      );
      expect((await value.data())[0]! / expected.adamw.losses[step - 1]).toBeCloseTo(1, 4);
      optimizer.accumulate(gradients);
      optimizer.step();
      tf.dispose([value, ...gradients]);
      if (step === 2) continue;
      const wanted = expected.adamw[`step${step}`] as Record<string, Summary>;
      const rounding = expected.float32_max_abs_diff[`step${step}`] as Record<string, number>;
      for (const [name, values] of await model.parameters.read()) {
        if (name in expected.zero_grad_ranges) continue;
        const l2 = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
        expect(l2 / wanted[name]!.l2, `${name} after step ${step}`).toBeCloseTo(1, 4);
        const given = wanted[name]!.data ?? wanted[name]!.first8;
        given.forEach((value, index) => {
          const most = Math.max(1e-4 * Math.abs(value), 20 * rounding[name]!);
          expect(Math.abs(value - values[index]!), `${name}[${index}] after step ${step}`).toBeLessThanOrEqual(most);
        });
      }
    }
    optimizer.dispose();
    model.dispose();
  });
});
