import { tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { activationReference } from "../../kernels/activation/reference.ts";
import { layerNormReference } from "../../kernels/layer_norm/reference.ts";
import { Classifier, classifierParameters } from "../../src/models/model.ts";
import { inference } from "../../src/models/pass.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows, rowsOf } from "../kernels/cases.ts";
import { batchOf, specOf } from "./tiny_models.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

const WORDS = 20;
const HIDDEN = 12;
const NARROW = 8;
const generator = {
  model_type: "electra",
  vocab_size: WORDS,
  embedding_size: NARROW,
  hidden_size: HIDDEN,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
  max_position_embeddings: 16,
};

describe("the words' head of ELECTRA's generator", () => {
  const plain = specOf(generator);
  const spec = { ...plain, architecture: { ...plain.architecture, classification: plain.architecture.words! } };
  const values = new Map(
    classifierParameters(spec).map(({ name, shape }) => [name, normalRows(shape[0]!, shape[1] ?? 1, 0.5, name)]),
  );

  it("narrows the states to the embeddings' width, and multiplies by these, as a plain float64 one does", async () => {
    const model = new Classifier(spec, values);
    const batch = batchOf([[2, 5, 9, 3], [2, 3]]);
    const { states, logits } = tidy(() => {
      const states = model.features(batch, inference);
      return { states, logits: model.logitsOf(states, inference) };
    });
    const row = (name: string) => [...values.get(name)!];
    const table = rowsOf(row("electra.embeddings.word_embeddings.weight"), NARROW);
    const matrix = rowsOf(row("generator_predictions.dense.weight"), HIDDEN);
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, each, index) => sum + each * b[index]!, 0);
    const wanted = rowsOf(await states.data(), HIDDEN).flatMap((state) => {
      const shift = row("generator_predictions.dense.bias");
      const inner = matrix.map((weights, index) => activationReference(dot(weights, state) + shift[index]!, "gelu"));
      const [scale, move] = [
        row("generator_predictions.LayerNorm.weight"),
        row("generator_predictions.LayerNorm.bias"),
      ];
      const normal = layerNormReference(inner, scale, move, 1e-12);
      const bias = row("generator_lm_head.bias");
      return table.map((word, index) => dot(word, normal) + bias[index]!);
    });
    expect(logits.shape).toEqual([2, 4, WORDS]);
    expectClose(await logits.data(), wanted, 1e-4);
    model.dispose();
  });

  it("reads the names of published generators", () => {
    const stored = ["generator_predictions.LayerNorm.gamma", "generator_lm_head.bias", "embeddings_project.weight"];
    expect(stored.flatMap((name) => spec.architecture.fromPublished(name, [1]).map((part) => part.name))).toEqual([
      "generator_predictions.LayerNorm.weight",
      "generator_lm_head.bias",
      "electra.embeddings_project.weight",
    ]);
    for (const name of ["generator_predictions.LayerNorm.weight", "generator_lm_head.bias"]) {
      expect(values.has(name), name).toBe(true);
    }
  });
});
