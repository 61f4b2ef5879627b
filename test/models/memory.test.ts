import { tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { estimateMemory, largestBuffer } from "../../src/models/memory.ts";
import { Classifier, classifierParameters } from "../../src/models/model.ts";
import { trainingPass } from "../../src/models/pass.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import { withPeakBytes } from "../../src/tfjs/memory.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { useVariants } from "../../src/tfjs/product_variants.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import { freshGpu } from "../gpu/open_test_gpu.ts";
import { batchOf, specOf, tinyBag } from "./tiny_models.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await freshGpu();
  // What GPUs take has no textures, and neither has this, which a software adapter runs faster.
  useVariants(gpu, { small: "blocks", large: "blocks", batched: "blocks" });
});

const words = { vocab_size: 500, max_position_embeddings: 64 };
const bert = { model_type: "bert", ...words, hidden_size: 64, num_attention_heads: 2, intermediate_size: 256 };
const models = {
  "BERT of two layers": { ...bert, num_hidden_layers: 2 },
  "BERT of six": { ...bert, num_hidden_layers: 6 },
  "DistilBERT": { model_type: "distilbert", ...words, dim: 64, n_heads: 2, hidden_dim: 256, n_layers: 3 },
  "GPT-2": { model_type: "gpt2", vocab_size: 500, n_embd: 64, n_head: 2, n_layer: 3, n_positions: 64, eos_token_id: 1 },
};

/** The most bytes that two training steps hold, as our backend counts them: the same on every host, so that one measures. */
async function measured(config: { readonly model_type: string }, batch: number, length: number): Promise<number> {
  const backend = await useGpu(gpu);
  const spec = specOf(config, 2);
  const [, bytes] = await withPeakBytes(async () => {
    const model = new Classifier(spec, initialValues(classifierParameters(spec), 0, "memory"));
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01, clip: 1 };
    const optimizer = createAdamW(model.parameters, settings, { base: 1e-4 });
    const texts = batchOf(Array.from({ length: batch }, () => Array.from({ length }, (_, at) => 5 + at)));
    for (let step = 0; step < 2; step++) {
      const value = tidy(() => {
        const loss = () => crossEntropy(model.logits(texts, trainingPass(0, step)), new Int32Array(batch));
        const { value, gradients } = valueAndGradients(loss, model.parameters.all());
        optimizer.accumulate(gradients);
        optimizer.step();
        return value;
      });
      await value.data();
      value.dispose();
    }
    optimizer.dispose();
    model.dispose();
    backend.releaseFreeBuffers();
  });
  return bytes!;
}

describe.each(Object.entries(models))("the memory of a training step of %s", (_name, config) => {
  it.each([[2, 8], [8, 32], [32, 32], [16, 64]])(
    "is estimated to a quarter: %i texts of %i tokens",
    async (batch, length) => {
      const { parameters, optimiser, activations, total } = estimateMemory(specOf(config, 2), { batch, length });
      expect(parameters + optimiser + activations).toBeCloseTo(total, 3);
      const ratio = total / await measured(config, batch, length);
      expect(ratio).toBeGreaterThan(0.75);
      expect(ratio).toBeLessThan(1.25);
    },
  );
});

describe("an estimate of memory", () => {
  it("grows with the parameters five times over, and with texts as with tokens", () => {
    const spec = specOf(models["BERT of six"], 2);
    const of = (batch: number, length: number) => estimateMemory(spec, { batch, length });
    const { parameters, optimiser } = of(1, 8);
    expect(optimiser).toBe(4 * parameters);
    expect(of(64, 32).total).toBe(of(64, 32).parameters * 5 + of(64, 32).activations);
    expect(of(128, 64).total / of(64, 64).total).toBeGreaterThan(1.7);
    expect(largestBuffer(spec, { batch: 4, length: 8 })).toBe(4 * 8 * 256 * 4);
  });

  it("is there for a model without layers", () => {
    const spec = specOf(tinyBag);
    expect(estimateMemory(spec, { batch: 16, length: 32 }).total).toBeGreaterThan(0);
  });
});
