import { describe, expect, it } from "vitest";
import type { InitialParameter } from "../../src/models/architecture.ts";
import { initialValues } from "../../src/models/initialize.ts";
import type { Initializer } from "../../src/models/initializer.ts";
import { classifierParameters } from "../../src/models/model.ts";
import { specOf, tinyBag, tinyBert } from "./tiny_models.ts";

function drawn(initializer: Initializer, shape: number[], seed = 0, model = "m"): Float32Array {
  const parameter: InitialParameter = { name: "w", shape, decays: true, initializer };
  return initialValues([parameter], seed, model).get("w")!;
}

function momentsOf(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

describe("initial values", () => {
  it("are constant where they are to be", () => {
    expect(drawn({ kind: "constant", value: 1 }, [3])).toEqual(Float32Array.of(1, 1, 1));
  });

  it("are normal with the range as their standard deviation", () => {
    const values = drawn({ kind: "normal", range: 0.3 }, [200, 200]);
    const { mean, deviation } = momentsOf(values);
    expect(Math.abs(mean)).toBeLessThan(0.005);
    expect(deviation).toBeCloseTo(0.3, 2);
    const outside = values.filter((value) => Math.abs(value) > 2 * 0.3).length / values.length;
    expect(outside).toBeCloseTo(0.0455, 2);
  });

  it("are uniform within Glorot's bound: sqrt(6 / (inputs + outputs))", () => {
    const values = drawn({ kind: "xavier" }, [100, 50]);
    const bound = Math.sqrt(6 / 150);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.99 * bound);
    const { mean, deviation } = momentsOf(values);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(deviation / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
  });

  it("are the same for the same seed and model, and others for another of either", () => {
    const normal: Initializer = { kind: "normal", range: 1 };
    const values = drawn(normal, [20]);
    expect(drawn(normal, [20])).toEqual(values);
    expect(drawn(normal, [20], 1)).not.toEqual(values);
    expect(drawn(normal, [20], 0, "n")).not.toEqual(values);
  });

  it.each([tinyBert, tinyBag])(
    "leave all but the classifier as it is where the classes are others: $model_type",
    (config) => {
      const valuesFor = (classes: number) => initialValues(classifierParameters(specOf(config, classes)), 7, "m");
      const [two, five] = [valuesFor(2), valuesFor(5)];
      expect([...two.keys()]).toEqual([...five.keys()]);
      for (const [name, values] of two) {
        if (name.startsWith("classifier.")) expect(five.get(name)).not.toEqual(values);
        else expect(five.get(name), name).toEqual(values);
      }
    },
  );

  it("of a BERT are what its configuration says of embeddings, matrices, biases and norms", () => {
    const wide = { ...tinyBert, vocab_size: 400, hidden_size: 16, embedding_initializer_range: 0.25 };
    const initializers = new Map(
      classifierParameters(specOf(wide)).map(({ name, initializer }) => [name, initializer]),
    );
    const values = initialValues(classifierParameters(specOf(wide)), 0, "m");
    expect(momentsOf(values.get("bert.embeddings.word_embeddings.weight")!).deviation).toBeCloseTo(0.25, 2);
    expect(values.get("bert.embeddings.LayerNorm.weight")).toEqual(new Float32Array(16).fill(1));
    expect(values.get("bert.encoder.layer.0.output.dense.bias")).toEqual(new Float32Array(16));
    expect(initializers.get("bert.encoder.layer.0.attention.self.query.weight")).toEqual({ kind: "xavier" });
    const plain = classifierParameters(specOf({ model_type: "bert", ...plainBert }));
    for (const { name, shape, initializer } of plain) {
      if (shape.length === 2) expect(initializer, name).toEqual({ kind: "normal", range: 0.02 });
    }
  });
});

/** Without a key of ours: drawn as the paper has it. */
const plainBert = {
  vocab_size: 20,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 12,
};
