import { customGrad, memory, mul, scalar, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { TrainingConfig } from "../../src/config/schema.ts";
import { Failure, Interrupted } from "../../src/errors.ts";
import { GpuFault } from "../../src/gpu/faults.ts";
import type { Batch } from "../../src/models/batch.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { Classifier, classifierParameters } from "../../src/models/model.ts";
import { random, shuffled } from "../../src/random.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { withPeakBytes } from "../../src/tfjs/memory.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { fineTune, type FineTuning, type TrainingProgress } from "../../src/training/fine_tune.ts";
import { freshGpu, testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose } from "../kernels/cases.ts";
import { batchOf, openModel, specOf, tinyBag, tinyBert } from "../models/tiny_models.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

const withoutDropout = { ...tinyBag, dropout_prob: 0 };
const encoder = { ...tinyBert, hidden_size: 16, pooling: "mean" };

const bag = ["a bag of words", tinyBag] as const;
/** Chromium compiles an encoder's shaders for half a minute on the CPU; there the bag of words stands for both. */
const models = "Deno" in globalThis ? [bag, ["an encoder", encoder] as const] : [bag];

interface LabelledBatch extends Batch {
  readonly targets: Int32Array;
}

/** Sixteen texts of 3 to 8 tokens; the class of each is the class of its second token. */
const from = random("fine-tuning texts");
const texts = Array.from({ length: 16 }, () => {
  const words = Array.from({ length: 1 + from.below(6) }, () => 4 + from.below(16));
  return [2, ...words, 3];
});

function batchesOf(size: number, order: readonly number[][] = texts): LabelledBatch[] {
  return Array.from({ length: Math.ceil(order.length / size) }, (_, index) => {
    const own = order.slice(index * size, (index + 1) * size);
    return { ...batchOf(own, 8), targets: Int32Array.from(own, ([, word]) => word! % 3) };
  });
}

const config: TrainingConfig = {
  lr: 5e-3,
  epochs: 1,
  step_rule: "fixed",
  min_steps: 1,
  steps: null,
  batch_size_args: { batch_size: 4, min_batch_size: 4, eval_batch_size: 4 },
  accumulation: 1,
  weight_decay: 0.01,
  warmup: 0.1,
  clip: 1,
  max_length: 8,
};

type Changes = Partial<FineTuning<LabelledBatch>> & { readonly steps?: number };

function tune(model: Classifier, { steps = 10, ...changes }: Changes = {}): Promise<number[]> {
  const seed = changes.seed ?? 0;
  return fineTune({
    model,
    budget: { batchSize: 4, epochs: 1, steps },
    config,
    seed,
    modelName: "tiny",
    batches: (epoch) => batchesOf(4, shuffled(texts, random(seed, "shuffle", epoch))),
    loss: ({ targets, ...batch }, pass) => crossEntropy(model.logits(batch, pass), targets),
    report: () => Promise.resolve(),
    signal: undefined,
    ...changes,
  });
}

/** Tensors, and bytes in use and allocated on the GPU. */
function held() {
  const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = memory() as unknown as Record<string, number>;
  return { numTensors, numBytesInGPU, numBytesAllocatedInGPU };
}

describe("fine-tuning", () => {
  it.each(models)(
    "of %s gives the same losses and weights to the bit for the same seed, over 200 steps with dropout, and learns",
    async (_name, each) => {
      const run = async () => {
        const model = openModel(each);
        const losses = await tune(model, { steps: 200 });
        const weights = await model.parameters.read();
        model.dispose();
        return { losses, weights };
      };
      const [first, second] = [await run(), await run()];
      expect(second).toEqual(first);
      expect(first.losses).toHaveLength(200);
      const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
      expect(mean(first.losses.slice(-20))).toBeLessThan(mean(first.losses.slice(0, 20)) / 2);
    },
  );

  it("draws other dropout for another seed, and for another model's name", async () => {
    const lossesWith = async (changes: Changes) => {
      const model = openModel(tinyBag);
      const losses = await tune(model, { steps: 3, batches: () => batchesOf(4), ...changes });
      model.dispose();
      return losses;
    };
    const losses = await lossesWith({});
    expect(await lossesWith({})).toEqual(losses);
    expect(await lossesWith({ seed: 1 })).not.toEqual(losses);
    expect(await lossesWith({ modelName: "other" })).not.toEqual(losses);
  });

  it("draws other dropout for each step, and for each of a step's batches", async () => {
    // The same texts each time, and a rate that moves nothing: only the masks differ.
    const lossesWith = async (configJson: typeof tinyBag, accumulation: number) => {
      const model = openModel(configJson);
      const batches = () => Array.from({ length: accumulation }, () => batchesOf(16)).flat();
      const changes = { config: { ...config, lr: 1e-30, accumulation }, batches };
      const losses = await tune(model, { steps: 3, ...changes });
      model.dispose();
      return losses;
    };
    expect(new Set(await lossesWith(withoutDropout, 1)).size).toBe(1);
    expect(new Set(await lossesWith(tinyBag, 1)).size).toBe(3);
    const masks = await lossesWith(tinyBag, 2);
    expect(new Set([...masks, ...await lossesWith(tinyBag, 1)]).size).toBe(6);
  });

  it.each([
    ["two batches of four as one of eight", 4, 2, 8],
    ["four of four as one of sixteen, the whole pass", 4, 4, 16],
    ["batches of five, five, five and one, weighed by their texts", 5, 4, 16],
    ["two of six, then one of four alone, since the pass ends there,", 6, 2, 12],
  ])("takes %s, to rounding", async (_what, size, accumulation, whole) => {
    const trained = async (size: number, accumulation: number) => {
      const model = openModel(withoutDropout);
      const losses = await tune(model, {
        steps: 6,
        config: { ...config, accumulation },
        batches: () => batchesOf(size),
      });
      const weights = await model.parameters.read();
      model.dispose();
      return { losses, weights };
    };
    const [inPieces, atOnce] = [await trained(size, accumulation), await trained(whole, 1)];
    expectClose(inPieces.losses, atOnce.losses, 1e-5, "loss of step");
    for (const [name, values] of atOnce.weights) expectClose(inPieces.weights.get(name)!, values, 2e-5, name);
  });

  it("holds no more memory for a step of many batches than for one of a few", async () => {
    const peakOf = async (accumulation: number) => {
      const model = openModel(tinyBag);
      const batches = () => Array.from({ length: accumulation }, () => batchesOf(16)).flat();
      const [, bytes] = await withPeakBytes(() =>
        tune(model, { steps: 2, config: { ...config, accumulation }, batches })
      );
      model.dispose();
      return bytes!;
    };
    const few = await peakOf(8);
    expect(few).toBeGreaterThan(0);
    // Of a single batch less waits for the next submission.
    expect(await peakOf(24)).toBeLessThan(1.02 * few);
  });

  it("follows the schedule: a first step of warm-up changes nothing, the next does", async () => {
    const model = openModel(tinyBag);
    const before = await model.parameters.read();
    await tune(model, { steps: 1, config: { ...config, warmup: 1 } });
    expect(await model.parameters.read()).toEqual(before);
    await tune(model, { steps: 2, config: { ...config, warmup: 1 } });
    expect(await model.parameters.read()).not.toEqual(before);
    model.dispose();
  });

  it("tells how far it is, and of how many examples, every ten steps and at the end", async () => {
    const model = openModel(tinyBag);
    const told: TrainingProgress[] = [];
    const report = (progress: TrainingProgress) => Promise.resolve(void told.push(progress));
    const losses = await tune(model, { steps: 23, report });
    expect(told).toEqual([10, 20, 23].map((step) => ({ step, steps: 23, loss: losses[step - 1], examples: step * 4 })));
    model.dispose();
  });

  it.each(models)(
    "of %s holds no more after five hundred steps than after twenty, and nothing once it is over",
    async (_name, each) => {
      const once = openModel(each);
      await tune(once, { steps: 1 });
      once.dispose();
      const before = held();
      const model = openModel(each);
      const atReport: ReturnType<typeof held>[] = [];
      await tune(model, {
        steps: 500,
        batches: () => batchesOf(4),
        report: () => Promise.resolve(void atReport.push(held())),
      });
      expect(atReport.slice(2)).toEqual(Array(48).fill(atReport[1]));
      model.dispose();
      expect(held()).toEqual(before);
    },
  );
});

describe("fine-tuning that ends early gives everything back", () => {
  async function ended(changesFor: (model: Classifier) => Changes): Promise<unknown> {
    const model = openModel(tinyBag);
    await tune(model, { steps: 1 });
    const before = held();
    const changes = changesFor(model);
    const thrown = await tune(model, { steps: 40, ...changes }).then(() => undefined, (reason: unknown) => reason);
    expect(held()).toEqual(before);
    model.dispose();
    return thrown;
  }

  it("where it is interrupted", async () => {
    const stop = new AbortController();
    const report = ({ step }: TrainingProgress) => Promise.resolve(step === 20 ? stop.abort() : undefined);
    expect(await ended(() => ({ signal: stop.signal, report }))).toBeInstanceOf(Interrupted);
  });

  it("where its consumer fails", async () => {
    const report = () => Promise.reject(new Error("disk full"));
    expect(await ended(() => ({ report }))).toEqual(new Error("disk full"));
  });

  it("where its loss is no number, and names the first step of which that is so", async () => {
    let batches = 0;
    const thrown = await ended((model) => ({
      loss: (batch, pass) =>
        mul(crossEntropy(model.logits(batch, pass), batch.targets), scalar(++batches < 14 ? 1 : NaN)),
    }));
    expect(thrown).toEqual(
      new Failure(
        "the training of tiny diverged: its loss is NaN at step 14, lr 0.00375; its first value that is not finite is in " +
          "the loss. Try a lower lr",
      ),
    );
  });

  it("where the learning rate is absurd", async () => {
    const thrown = await ended(() => ({ config: { ...config, lr: 1e30 } }));
    expect(thrown).toBeInstanceOf(Failure);
    expect((thrown as Failure).message).toMatch(
      /^the training of tiny diverged: its loss is \S+ at step \d+, lr \S+; its first value that is not finite is in .+\. Try a lower lr$/,
    );
  });
});

/** The identity, but for a gradient that is no number. */
const poisoned = customGrad((x) => ({
  value: (x as Tensor).clone(),
  gradFunc: (upstream: Tensor) => mul(upstream, scalar(NaN)),
}));

describe("a training that diverges", () => {
  /** What it says of where, and the parameters that it leaves. */
  async function failure(model: Classifier, changes: Changes) {
    const thrown = await tune(model, { steps: 40, ...changes }).then(() => undefined, (reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(Failure);
    const left = await model.parameters.read();
    model.dispose();
    return { message: (thrown as Failure).message, left };
  }

  function openWith(configJson: { readonly model_type: string }, name: string, value: number, at = 0): Classifier {
    const spec = specOf(configJson);
    const values = initialValues(classifierParameters(spec), 0, "tiny");
    values.get(name)![at] = value;
    return new Classifier(spec, values);
  }

  it("names the parameter that was not finite from the start, and leaves the others alone", async () => {
    const model = openWith(tinyBag, "bag.hidden.weight", NaN, 3);
    const before = await model.parameters.read();
    const { message, left } = await failure(model, {});
    expect(message).toMatch(
      /its loss is NaN at step 1, lr 0; its first value that is not finite is in parameter bag.hidden.weight. Try/,
    );
    expect(left).toEqual(before);
  });

  it("names the embeddings, a layer or the head where a value overflows there", async (context) => {
    context.skip(!("Deno" in globalThis), "Chromium compiles an encoder's shaders for half a minute on the CPU");
    // A float32 that is finite, and is not times anything above 1.
    const huge = 3e38;
    for (
      const [name, where] of [
        ["bert.embeddings.LayerNorm.weight", "the embeddings"],
        ["bert.encoder.layer.0.output.LayerNorm.weight", "layer 1"],
        ["classifier.weight", "the head"],
      ] as const
    ) {
      const spec = specOf(encoder);
      const values = initialValues(classifierParameters(spec), 0, "tiny");
      values.get(name)!.fill(huge);
      const { message } = await failure(new Classifier(spec, values), { steps: 1 });
      expect(message).toMatch(new RegExp(`at step 1, lr 0; its first value that is not finite is in ${where}\\. Try`));
    }
  });

  it("names the last parameter of the model whose gradient is not finite, where every value is, and the step", async () => {
    let batches = 0;
    const model = openModel(tinyBag);
    const { message } = await failure(model, {
      loss: ({ targets, ...batch }, pass) => {
        const logits = model.logits(batch, pass);
        return crossEntropy(++batches < 17 ? logits : poisoned(logits), targets);
      },
    });
    expect(message).toMatch(
      /its loss is [\d.]+ at step 17, lr [\d.]+; its first value that is not finite is in the gradient of classifier.bias. Try/,
    );
  });

  it("leaves the parameters as they were before the step that went wrong, though ten steps are read at once", async () => {
    const stopped = openModel(tinyBag);
    const stop = new AbortController();
    const report = () => Promise.resolve(stop.abort());
    await expect(tune(stopped, { steps: 40, signal: stop.signal, report })).rejects.toThrow(Interrupted);
    const after10 = await stopped.parameters.read();
    stopped.dispose();
    let batches = 0;
    const model = openModel(tinyBag);
    const { message, left } = await failure(model, {
      loss: ({ targets, ...batch }, pass) =>
        mul(crossEntropy(model.logits(batch, pass), targets), scalar(++batches === 11 ? Infinity : 1)),
    });
    expect(message).toMatch(/its loss is Infinity at step 11/);
    expect(left).toEqual(after10);
  });

  it("looks at each of a step's accumulated batches", async () => {
    const model = openModel(tinyBag);
    const { message } = await failure(model, {
      config: { ...config, accumulation: 2 },
      batches: () => batchesOf(4),
      // The second of the four batches of a pass over the data.
      loss: ({ targets, ...batch }, pass) =>
        mul(crossEntropy(model.logits(batch, pass), targets), scalar(batch.ids[1] === texts[4]![1] ? NaN : 1)),
    });
    expect(message).toMatch(/its loss is NaN at step 1, lr 0; .* is in the loss/);
  });
});

it("fine-tuning on a device that is lost half-way throws that, and not what follows from it", async () => {
  const gpu = await freshGpu();
  await useGpu(gpu);
  const model = openModel(tinyBag);
  const report = () => Promise.resolve(gpu.device.destroy());
  await expect(tune(model, { steps: 40, report })).rejects.toThrow(GpuFault);
  model.dispose();
});
