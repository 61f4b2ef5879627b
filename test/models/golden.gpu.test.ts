import * as tf from "@tensorflow/tfjs-core";
import { beforeEach, describe, expect, it } from "vitest";
import { architectures } from "../../src/models/architectures.ts";
import type { Batch } from "../../src/models/batch.ts";
import { Classifier } from "../../src/models/model.ts";
import { inference } from "../../src/models/pass.ts";
import { type NamedTensor, readSafetensors } from "../../src/models/safetensors/safetensors.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { fixture, jsonFixture } from "../fixtures/fixture.ts";
import { withLowLimits } from "../gpu/low_limits.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";

interface Values {
  readonly shape: number[];
  readonly data: number[];
}

interface Summary {
  readonly l2: number;
  readonly data?: number[];
  readonly first8: number[];
}

/** The head of each kind of checkpoint. */
const heads = { "seq-cls": "classification", "token-cls": "tokens", mlm: "words" } as const;

/** Each architecture, and the heads of which there is a checkpoint. */
const checkpoints = ([
  ["bert", ["seq-cls", "token-cls", "mlm"]],
  ["distilbert", ["seq-cls", "token-cls", "mlm"]],
  ["electra", ["seq-cls", "token-cls"]],
  ["roberta", ["seq-cls", "token-cls", "mlm"]],
  ["xlm-roberta", ["seq-cls"]],
  ["gpt2", ["seq-cls", "token-cls"]],
] as const).flatMap(([name, kinds]) => kinds.map((kind) => ({ name, kind, device: "a usual device" })));

/** One whose table of words lies in three parts. */
const inParts = { name: "bert", kind: "seq-cls", device: "one that does not bind all words" } as const;
const FEWER_WORDS = 64 * 36 * 4;

/** A checkpoint of the reference implementation, and what that computes with it. */
async function golden({ name, kind }: Pick<(typeof checkpoints)[number], "name" | "kind">) {
  const folder = `golden/${name}/${kind}`;
  const plain = architectures.get(name);
  const architecture = { ...plain, classification: plain[heads[kind]]! };
  const own = (stored: ReadonlyMap<string, NamedTensor>) =>
    new Map(
      [...stored].flatMap(([key, tensor]) =>
        architecture.fromPublished(key, tensor.shape).map(({ name, take }) => [name, take(tensor.values)] as const)
      ),
    );
  const inputs = await jsonFixture(`${folder}/inputs.json`);
  const weights = own(readSafetensors(await fixture(`${folder}/model.safetensors`), "model.safetensors"));
  const config = architecture.parseConfig(await jsonFixture(`${folder}/config.json`), "config.json");
  const batch: Batch = {
    rows: 4,
    length: 11,
    ids: Int32Array.from(inputs.input_ids.flat()),
    mask: Float32Array.from(inputs.attention_mask.flat()),
    ...(inputs.token_type_ids ? { tokenTypes: Int32Array.from(inputs.token_type_ids.flat()) } : {}),
  };
  const expected = await jsonFixture(`${folder}/expected.json`);
  const last = kind === "seq-cls" ? expected.logits : expected.logits[0];
  const classes = last.shape.at(-1);
  return {
    expected,
    architecture,
    gradients: readSafetensors(await fixture(`${folder}/grads.safetensors`), "grads.safetensors"),
    batch,
    labels: Int32Array.from(inputs.labels.flat() as number[]),
    open: () =>
      new Classifier(
        { architecture, config, classes },
        weights,
      ),
  };
}

/** Parameters, or what goes with each, as the reference implementation holds them. */
function published(model: Classifier, values: readonly Float32Array[]): ReadonlyMap<string, NamedTensor> {
  const { specs } = model.parameters;
  return model.spec.architecture.toPublished(
    new Map(specs.map(({ name, shape }, index) => [name, { shape, values: values[index]! }])),
  );
}

/** Of each parameter, those of a table's parts joined, in the order of the specs. */
async function joined(model: Classifier, tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  const names = model.parameters.names();
  const values = await Promise.all(tensors.map((each) => each.data()));
  return model.parameters.specs.map(({ name }) =>
    Float32Array.from(values.filter((_, index) => names[index] === name).flatMap((each) => [...each]))
  );
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

describe.each([...checkpoints, inParts])("$name and the reference implementation, $kind, on $device", (checkpoint) => {
  beforeEach(async () => {
    const gpu = await testGpu();
    await useGpu(checkpoint === inParts ? withLowLimits(gpu, { maxStorageBufferBindingSize: FEWER_WORDS }) : gpu);
  });

  it("agree on hidden states, logits and loss", async () => {
    const { expected, batch, labels, open } = await golden(checkpoint);
    const model = open();
    const { layers } = model.encode(batch, inference);
    expect(layers).toHaveLength(expected.hidden_states.length);
    for (const [layer, states] of layers.entries()) {
      await expectTokens(states, expected.hidden_states[layer], `layer ${layer}`);
    }
    const logits = model.logits(batch, inference);
    if (checkpoint.kind === "seq-cls") expectRelative(await logits.data(), expected.logits.data, 1e-4, "logits");
    else await expectTokens(logits, expected.logits, "logits");
    expect((await crossEntropy(logits, labels).data())[0]! / expected.loss).toBeCloseTo(1, 5);
    model.dispose();
  });

  it("agree on every gradient", async () => {
    const { expected, gradients: exact, batch, labels, open } = await golden(checkpoint);
    const model = open();
    const { value, gradients } = valueAndGradients(
      () => crossEntropy(model.logits(batch, inference), labels),
      model.parameters.all(),
    );
    expect((await value.data())[0]! / expected.loss).toBeCloseTo(1, 5);
    const actual = published(model, await joined(model, gradients));
    expect([...actual.keys()].sort()).toEqual([...exact.keys()].sort());
    for (const [name, { values }] of actual) {
      const wanted = [...exact.get(name)!.values];
      const [from, to] = expected.zero_grad_ranges[name]?.[0] ?? [0, 0];
      // Zero, but for the rounding of float32, which is as large as all gradients are.
      const zeros = Math.max(0, ...values.subarray(from, to).map(Math.abs));
      expect(zeros / expected.grad_norm, name).toBeLessThan(1.6e-8);
      const others = (each: ArrayLike<number>) => [...each as number[]].toSpliced(from, to - from);
      if (wanted.length > to - from) expectRelative(others(values), others(wanted), 1e-4, name);
    }
    model.dispose();
  });

  it("agree on the parameters after one and after three steps of AdamW", async () => {
    const { expected, batch, labels, open } = await golden(checkpoint);
    const { lr, betas, eps, weight_decay, no_decay } = expected.adamw;
    const model = open();
    const { specs } = model.parameters;
    const decayed = published(model, specs.map(({ shape, decays }) => filled(shape, decays ? 1 : 0)));
    const noDecay = new Set<string>(no_decay);
    for (const [name, { values }] of decayed) expect(values.every((each) => each === 1), name).toBe(!noDecay.has(name));
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
      const own = await model.parameters.read();
      for (const [name, { values }] of published(model, specs.map((spec) => own.get(spec.name)!))) {
        const [from, to] = expected.zero_grad_ranges[name]?.[0] ?? [0, 0];
        if (to === 0) {
          const l2 = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
          expect(l2 / wanted[name]!.l2, `${name} after step ${step}`).toBeCloseTo(1, 4);
        }
        const given = wanted[name]!.data ?? wanted[name]!.first8;
        given.forEach((value, index) => {
          if (index >= from && index < to) return;
          const most = Math.max(1e-4 * Math.abs(value), 20 * rounding[name]!);
          expect(Math.abs(value - values[index]!), `${name}[${index}] after step ${step}`).toBeLessThanOrEqual(most);
        });
      }
    }
    optimizer.dispose();
    model.dispose();
  });
});

function filled(shape: readonly number[], value: number): Float32Array {
  return new Float32Array(shape.reduce((size, dimension) => size * dimension, 1)).fill(value);
}
