import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { readCheckpoint, writeCheckpoint } from "../../src/models/checkpoint.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { Classifier, classifierParameters } from "../../src/models/model.ts";
import { inference, trainingPass } from "../../src/models/pass.ts";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import type { Parameters } from "../../src/tfjs/parameters.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";
import { expectGradients } from "../tfjs/differences.ts";
import { batchOf, openModel, specOf } from "./tiny_models.ts";

/** The same layers, and as narrow as they can be. */
const tiny = {
  model_type: "use-lite",
  vocab_size: 20,
  embedding_size: 4,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 12,
  max_position_embeddings: 16,
  initializer_range: 0.5,
};
const texts = [[2, 5, 9, 3], [2, 3], [2, 7, 7, 7, 11, 3], [2, 19, 3]];

beforeAll(async () => {
  await useGpu(await testGpu());
});

async function read(tensor: Tensor): Promise<Float32Array> {
  const values = await tensor.data() as Float32Array;
  dispose(tensor);
  return values;
}

describe("a small use-lite", () => {
  it("gives the same logits however far a batch is padded, and alone", async () => {
    const model = openModel(tiny);
    const tight = await read(model.logits(batchOf(texts), inference));
    expectClose(await read(model.logits(batchOf(texts, 16), inference)), tight, 5e-6, "padded to 16: logit");
    for (const [row, text] of texts.entries()) {
      const own = tight.slice(row * 3, row * 3 + 3);
      expectClose(await read(model.logits(batchOf([text]), inference)), own, 5e-6, `text ${row}: logit`);
    }
    model.dispose();
  });

  it("sees order, and drops what a pass says", async () => {
    const model = openModel(tiny);
    const logits = await read(model.logits(batchOf([[2, 5, 9, 3], [2, 9, 5, 3]]), inference));
    expect(Math.abs(logits[0]! - logits[3]!)).toBeGreaterThan(1e-4);
    const one = await read(model.logits(batchOf(texts), trainingPass(1, 2)));
    expect(await read(model.logits(batchOf(texts), trainingPass(1, 2)))).toEqual(one);
    expect(await read(model.logits(batchOf(texts), trainingPass(1, 3)))).not.toEqual(one);
    model.dispose();
  });

  it.each(["classification", "tokens"] as const)("has the gradients that differences show: %s", async (kind) => {
    const { architecture, config } = specOf(tiny);
    const head = architecture[kind]!;
    const specs = [...architecture.backbone(config), ...head.parameters(config, 3)];
    // Without padding, whose embedding learns nothing.
    const batch = batchOf([[2, 5, 9, 3], [2, 7, 11, 3]]);
    const logits = (...values: Tensor[]) => {
      const get = (name: string) => values[specs.findIndex((spec) => spec.name === name)]!;
      const parameters = { get, table: (name: string) => [get(name)] } as unknown as Parameters;
      const encoded = architecture.encode(parameters, config, batch, inference);
      return head.logits(parameters, config, head.features(parameters, config, encoded, batch, inference), inference);
    };
    const sizeOf = (shape: readonly number[]) => shape.reduce((size, dimension) => size * dimension, 1);
    // Norms bend what is small, such as narrow embeddings near 0, and differences take steps of a certain size.
    const scaleOf = (name: string) => (name.startsWith("embeddings.") ? 8 : name.endsWith("Norm.weight") ? 1 : 0.2);
    const values = specs.map(({ name, shape }) => ({
      shape,
      values: normalRows(1, sizeOf(shape), scaleOf(name), name),
    }));
    // Small steps: larger ones cross bends of ReLU.
    await expectGradients(logits, values, 2e-2, 2 ** -10);
  });

  it("that was written as a checkpoint is the same when it is read", async () => {
    const files = new MemoryFiles();
    const model = openModel(tiny);
    const batch = batchOf(texts);
    const before = await read(model.logits(batch, inference));
    await writeCheckpoint(files, model, tokenizerFrom(tinyTokenizer(), "tokenizer.json"), ["a", "b", "c"]);
    model.dispose();
    const { architecture, config, values, notices } = await readCheckpoint(files);
    expect(notices).toEqual([]);
    const again = new Classifier({ architecture, config, classes: 3 }, values);
    expect(await read(again.logits(batch, inference))).toEqual(before);
    again.dispose();
  });
});

describe("a model of which a part learns", () => {
  it("is the same to whoever reads it, and has the rest by itself", async () => {
    const spec = specOf(tiny);
    const values = initialValues(classifierParameters(spec), 0, "tiny");
    const whole = new Classifier(spec, values);
    const parted = new Classifier(spec, values, (name) => name.startsWith("classifier."));
    expect(parted.learning.names()).toEqual(["classifier.weight", "classifier.bias"]);
    expect(parted.parameters.names()).toEqual(whole.parameters.names());
    expect(await parted.parameters.read()).toEqual(await whole.parameters.read());
    const batch = batchOf(texts);
    expect(await read(parted.logits(batch, inference))).toEqual(await read(whole.logits(batch, inference)));
    whole.dispose();
    parted.dispose();
  });
});
