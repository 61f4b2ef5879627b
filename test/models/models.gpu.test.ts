import { dispose } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Batch } from "../../src/models/batch.ts";
import { Classifier, classifierParameters } from "../../src/models/model.ts";
import { inference, trainingPass } from "../../src/models/pass.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { batchOf, openModel, specOf, tinyBag, tinyBert } from "./tiny_models.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

const texts = [[2, 5, 9, 3], [2, 3], [2, 7, 7, 7, 11, 3], [2, 19, 3]];

async function logitsOf(model: Classifier, batch: Batch, pass = inference): Promise<Float32Array> {
  const logits = model.logits(batch, pass);
  const values = await logits.data() as Float32Array;
  dispose(logits);
  return values;
}

/** A bag of words in float64, by its definition, text by text: mean, layer norm, a hidden layer, the classifier. */
function bagReference(values: ReadonlyMap<string, Float32Array>, text: readonly number[]): number[] {
  const vector = (name: string) => [...values.get(name)!];
  const dense = (name: string, x: readonly number[]) =>
    vector(`${name}.bias`).map((bias, output) => {
      const weight = vector(`${name}.weight`).slice(output * x.length, (output + 1) * x.length);
      return weight.reduce((sum, w, input) => sum + w * x[input]!, bias);
    });
  const average = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const normalized = (name: string, x: readonly number[]) => {
    const [scale, shift] = [vector(`${name}.weight`), vector(`${name}.bias`)];
    const centred = x.map((value) => value - average(x));
    const deviation = Math.sqrt(average(centred.map((value) => value * value)));
    return centred.map((value, column) => (value / deviation) * scale[column]! + shift[column]!);
  };
  const size = tinyBag.embedding_size;
  const table = vector("bag.embeddings.weight");
  const mean = Array.from({ length: size }, (_, column) => average(text.map((id) => table[id * size + column]!)));
  return dense("classifier", dense("bag.hidden", normalized("bag.LayerNorm", mean)).map((each) => Math.max(0, each)));
}

describe("a bag of words", () => {
  it("agrees with a plain float64 one", async () => {
    const spec = specOf(tinyBag);
    // None of them at its initial value, which a term left out might not change.
    const values = new Map(
      classifierParameters(spec).map(({ name, shape }) => [name, normalRows(1, sizeOf(shape), 0.5, name)]),
    );
    const model = new Classifier(spec, values);
    expectClose(await logitsOf(model, batchOf(texts)), texts.flatMap((text) => bagReference(values, text)), 5e-6);
    model.dispose();
  });

  it("sees no order", async () => {
    const model = openModel(tinyBag);
    const [one, other] = [
      await logitsOf(model, batchOf([[2, 5, 9, 3]])),
      await logitsOf(model, batchOf([[9, 3, 2, 5]])),
    ];
    expectClose(one, other, 1e-6);
    model.dispose();
  });
});

describe.each([
  ["a bag of words", tinyBag],
  ["BERT, pooled by its first token", tinyBert],
  ["BERT, pooled by the mean", { ...tinyBert, pooling: "mean" }],
])("%s", (_name, config) => {
  it("gives the same logits however far a batch is padded, and alone", async () => {
    const model = openModel(config);
    const tight = await logitsOf(model, batchOf(texts));
    expectClose(await logitsOf(model, batchOf(texts, 16)), tight, 2e-6, "padded to 16: logit");
    for (const [row, text] of texts.entries()) {
      expectClose(
        await logitsOf(model, batchOf([text])),
        tight.slice(row * 3, row * 3 + 3),
        2e-6,
        `text ${row}: logit`,
      );
    }
    model.dispose();
  });

  it("tells texts apart", async () => {
    const model = openModel(config);
    const logits = await logitsOf(model, batchOf([[2, 5, 3], [2, 6, 3]]));
    expect(Math.abs(logits[0]! - logits[3]!)).toBeGreaterThan(1e-4);
    model.dispose();
  });

  it("draws other dropout masks for other steps, and the same for the same", async () => {
    const model = openModel(config);
    const batch = batchOf(texts);
    const [first, again, other] = [
      await logitsOf(model, batch, trainingPass(1, 2)),
      await logitsOf(model, batch, trainingPass(1, 2)),
      await logitsOf(model, batch, trainingPass(1, 3)),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(await logitsOf(model, batch)).not.toEqual(first);
    model.dispose();
  });
});

it("BERT sees order", async () => {
  const model = openModel(tinyBert);
  const logits = await logitsOf(model, batchOf([[2, 5, 9, 3], [2, 9, 5, 3]]));
  expect(Math.abs(logits[0]! - logits[3]!)).toBeGreaterThan(1e-4);
  model.dispose();
});
