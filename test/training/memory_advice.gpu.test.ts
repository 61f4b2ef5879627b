import { describe, expect, it } from "vitest";
import type { TrainingConfig } from "../../src/config/schema.ts";
import { Failure } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { estimateMemory } from "../../src/models/memory.ts";
import { Classifier, classifierParameters, type ClassifierSpec } from "../../src/models/model.ts";
import { useVariants } from "../../src/tfjs/product_variants.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { fineTune } from "../../src/training/fine_tune.ts";
import { withLowLimits } from "../gpu/low_limits.ts";
import { withLowMemory } from "../gpu/low_memory.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { batchOf, specOf } from "../models/tiny_models.ts";

const config: TrainingConfig = {
  lr: 1e-4,
  epochs: 1,
  step_rule: "fixed",
  min_steps: 1,
  steps: 2,
  batch_size_args: { batch_size: 32, min_batch_size: 4, eval_batch_size: 32 },
  accumulation: 1,
  weight_decay: 0.01,
  warmup: 0.1,
  clip: 1,
  max_length: 64,
};

const spec: ClassifierSpec = specOf({
  model_type: "bert",
  vocab_size: 300,
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 256,
  max_position_embeddings: 64,
} as { model_type: string });

/** Two steps, of batches of one length. */
async function train(gpu: Gpu, batch: number, length: number, own: TrainingConfig = config): Promise<unknown> {
  useVariants(gpu, { small: "blocks", large: "blocks", batched: "blocks" });
  await useGpu(gpu);
  const model = new Classifier(spec, initialValues(classifierParameters(spec), 0, "memory"));
  try {
    const texts = batchOf(Array.from({ length: batch }, () => Array.from({ length }, (_, at) => 5 + at)));
    return await fineTune({
      model,
      budget: { batchSize: batch, epochs: 1, steps: 2 },
      config: own,
      seed: 0,
      modelName: "tiny-bert",
      batches: () => Array.from({ length: own.accumulation }, () => texts),
      loss: (each, pass) => crossEntropy(model.logits(each, pass), new Int32Array(each.rows)),
      report: () => Promise.resolve(),
      signal: undefined,
    });
  } catch (thrown) {
    return thrown;
  } finally {
    model.dispose();
  }
}

const MESSAGE = new RegExp(
  "^the GPU's memory does not hold a training step of 'tiny-bert' with 32 texts of 64 tokens, which takes about [0-9.]+ MB, " +
    "[0-9.]+ MB of it whatever the batch: .+\\. Try training\\.batch_size_args\\.batch_size=(\\d+)" +
    "(, training\\.batch_size_args\\.min_batch_size=\\d+)? with training\\.accumulation=(\\d+), the same batch in pieces, which takes about " +
    "[0-9.]+ MB; or training\\.max_length=(\\d+), which takes about [0-9.]+ MB; or a smaller model$",
);

/** What the error advises. */
function advised(thrown: unknown): { piece: number; accumulation: number; length: number } {
  expect(thrown).toBeInstanceOf(Failure);
  const { message } = thrown as Failure;
  expect(message).toMatch(MESSAGE);
  const [, piece, , accumulation, length] = MESSAGE.exec(message)!;
  return { piece: Number(piece), accumulation: Number(accumulation), length: Number(length) };
}

const shortages: [string, (gpu: Gpu) => Gpu][] = [
  ["binds no more than 1 MB", (gpu) => withLowLimits(gpu, { maxStorageBufferBindingSize: 1e6 })],
  ["makes no buffer of more than 1 MB", (gpu) => withLowLimits(gpu, { maxBufferSize: 1e6 })],
  [
    "has memory for a quarter of the batch",
    (gpu) => withLowMemory(gpu, 1.5 * estimateMemory(spec, { batch: 8, length: 64 }).total),
  ],
];

describe.each(shortages)("a training step on a GPU that %s", (_what, lowered) => {
  it("fails with what would fit, and that fits", async () => {
    const { piece, accumulation, length } = advised(await train(lowered(await testGpu()), 32, 64));
    expect(piece * accumulation).toBe(32);
    expect(piece).toBeLessThan(32);
    const inPieces = { ...config, batch_size_args: { ...config.batch_size_args, batch_size: piece }, accumulation };
    expect(await train(lowered(await testGpu()), piece, 64, inPieces)).toHaveLength(2);
    expect(await train(lowered(await testGpu()), 32, length)).toHaveLength(2);
  });
});

describe("advice on memory", () => {
  it("names the least batch where that has to go down with it", async () => {
    const least = { ...config, batch_size_args: { batch_size: 32, min_batch_size: 32, eval_batch_size: 32 } };
    const gpu = withLowLimits(await testGpu(), { maxStorageBufferBindingSize: 1e6 });
    const { piece } = advised(await train(gpu, 32, 64, least));
    expect(piece).toBeLessThan(32);
  });

  it("is a smaller model where no batch fits", async () => {
    const gpu = withLowMemory(await testGpu(), 1.5e6);
    const thrown = await train(gpu, 32, 64) as Failure;
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown.message).toMatch(/not enough memory left\. Try a smaller model$/);
  });
});
