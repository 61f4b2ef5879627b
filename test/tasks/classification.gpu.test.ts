import { memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { capable } from "../../src/acquisition/scoring_model.ts";
import type { TrainingConfig } from "../../src/config/schema.ts";
import type { DataSet } from "../../src/data/example.ts";
import type { LabelledExample } from "../../src/data/examples.ts";
import { Failure, InputError, Interrupted } from "../../src/errors.ts";
import type { LoadedModel } from "../../src/models/model_source.ts";
import { classification } from "../../src/tasks/classification.ts";
import { Encoder } from "../../src/tasks/encoder.ts";
import { scan } from "../../src/tasks/scan.ts";
import type { TrainedModel } from "../../src/tasks/task.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { resumeGpu, useGpu } from "../../src/tfjs/setup.ts";
import { useStock } from "../../src/tfjs/stock.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose } from "../kernels/cases.ts";
import { specOf, tinyBag, tinyBert } from "../models/tiny_models.ts";
import { labelTexts, wordTokenizer } from "./label_texts.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

const labels = ["ham", "offer", "spam"];
const examples = (part: string, count: number) =>
  labelTexts(["classification texts", part], count, { labels, longest: 12 });

const data: DataSet = {
  name: "words",
  train: examples("train", 60),
  test: examples("test", 21),
  labels,
};

const training: TrainingConfig = {
  lr: 1e-2,
  epochs: 1,
  step_rule: "fixed",
  min_steps: 1,
  steps: 8,
  batch_size_args: { batch_size: 4, min_batch_size: 4, eval_batch_size: 8 },
  accumulation: 1,
  weight_decay: 0.01,
  warmup: 0.1,
  clip: 1,
  max_length: 16,
};

function modelOf(config: { readonly model_type: string }): LoadedModel {
  const { architecture, config: parsed } = specOf(config);
  return { name: "tiny", architecture, config: parsed, tokenizer: wordTokenizer, fingerprint: "0" };
}

const quiet = { report: () => Promise.resolve() };

function learnerOf(config: { readonly model_type: string }, changes: Partial<TrainingConfig> = {}) {
  return classification.learner(data, modelOf(config), { ...training, ...changes });
}

const scoring = (model: TrainedModel) => capable(model, ["rowStats", "dropoutCommittee"]);

const labelled = data.train as readonly LabelledExample[];

/** Tensors, and bytes in use and allocated on the GPU. */
function held() {
  const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = memory() as unknown as Record<string, number>;
  return { numTensors, numBytesInGPU, numBytesAllocatedInGPU };
}

describe("what rounds of training, evaluating and scoring hold on the GPU", () => {
  const bag = ["a bag of words", tinyBag] as const;
  const encoder = ["an encoder", tinyBert] as const;

  // Chromium compiles an encoder's shaders for half a minute on the CPU; there the bag of words stands for both.
  it.each("Deno" in globalThis ? [bag, encoder] : [bag])(
    "is the same after round 8 as after round 3, while the labelled set grows and the pool shrinks: %s",
    async (_name, config) => {
      const learner = learnerOf(config);
      const [trained, scored, disposed] = [[], [], []] as ReturnType<typeof held>[][];
      const round = async (size: number) => {
        const { model } = await learner.train(labelled.slice(0, size), 0, quiet);
        trained.push(held());
        await model.evaluate(data.test, quiet);
        await scoring(model).rowStats(data.train.slice(size), quiet);
        await scoring(model).dropoutCommittee(data.train.slice(size), 3, quiet);
        scored.push(held());
        model.dispose();
        disposed.push(held());
      };
      for (let number = 1; number <= 8; number++) await round(3 + 5 * number);
      for (const each of [trained, scored, disposed]) expect(each[7]).toEqual(each[2]);
      expect(scored).toEqual(trained);
    },
  );
});

describe("a trained classifier", () => {
  it("does not depend on the order in which labels arrived, to the bit", async () => {
    const learner = learnerOf(tinyBag);
    const lossesOf = async (order: readonly LabelledExample[]) => {
      const { model, losses } = await learner.train(order, 3, quiet);
      model.dispose();
      return losses;
    };
    expect(await lossesOf(labelled.slice(0, 20).reverse())).toEqual(await lossesOf(labelled.slice(0, 20)));
  });

  it("gives the same statistics in whatever order it is asked, in that order", async () => {
    const { model } = await learnerOf(tinyBag).train(labelled.slice(0, 20), 0, quiet);
    const { rowStats } = scoring(model);
    const [forth, back] = [await rowStats(data.test, quiet), await rowStats(data.test.toReversed(), quiet)];
    expect(back.entropy.toReversed()).toEqual(forth.entropy);
    expect(new Set(forth.entropy).size).toBeGreaterThan(10);
    model.dispose();
  });

  it("learns what its labels say", async () => {
    const { model } = await learnerOf(tinyBag, { steps: 120 }).train(labelled, 0, quiet);
    const { metrics, confusion } = await model.evaluate(labelled, quiet);
    expect(metrics.accuracy).toBeGreaterThan(0.8);
    expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(labelled.length);
    model.dispose();
  });
});

describe("scoring with stored halves", () => {
  const halfControl = { ...quiet, storage: "float16" } as const;
  const wideBag = { ...tinyBag, embedding_size: 8, hidden_size: 12 };
  const trained = async (config = wideBag) =>
    (await learnerOf(config, { steps: 40 }).train(labelled.slice(0, 30), 0, quiet)).model;

  it("says nearly the same, and picks the same where scores are far enough apart", async () => {
    const model = await trained();
    const { rowStats } = scoring(model);
    const [plain, halved] = [await rowStats(data.train, quiet), await rowStats(data.train, halfControl)];
    expect(halved).not.toEqual(plain);
    expect(await rowStats(data.train, halfControl)).toEqual(halved);
    for (const column of ["leastConfidence", "margin", "entropy"] as const) {
      expectClose(halved[column], plain[column], 5e-3);
    }
    // Of the places where the ranking may be cut, the one with the widest gap.
    const order = (scores: Float32Array) => [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
    const ranked = order(plain.leastConfidence);
    const gap = (k: number) => plain.leastConfidence[ranked[k - 1]!]! - plain.leastConfidence[ranked[k]!]!;
    const k = ranked.map((_, index) => index).slice(10, 50).reduce((a, b) => gap(b) > gap(a) ? b : a);
    expect(gap(k)).toBeGreaterThan(1e-2);
    expect(new Set(order(halved.leastConfidence).slice(0, k))).toEqual(new Set(ranked.slice(0, k)));
    model.dispose();
  });

  it("leaves passes with dropout nearly as they are, and evaluations exactly", async () => {
    const model = await trained();
    const { dropoutCommittee } = scoring(model);
    const [plain, halved] = [
      await dropoutCommittee(data.test, 3, quiet),
      await dropoutCommittee(data.test, 3, halfControl),
    ];
    expect(halved.meanKl).not.toEqual(plain.meanKl);
    expectClose(halved.meanKl, plain.meanKl, 5e-3);
    // Even where the control of a scan comes along, an evaluation asks for no halves: their products would be counted.
    const before = backend.kernelCalls;
    const evaluation = await model.evaluate(data.test, quiet);
    const calls = backend.kernelCalls - before;
    expect(await model.evaluate(data.test, halfControl)).toEqual(evaluation);
    expect(backend.kernelCalls - before).toBe(2 * calls);
    model.dispose();
  });

  it("holds nothing afterwards, whether it ends, is interrupted or fails", async () => {
    const model = await trained();
    const { rowStats } = scoring(model);
    await rowStats(data.train, quiet);
    const before = held();
    for (let time = 0; time < 3; time++) {
      await rowStats(data.train, halfControl);
      expect(held()).toEqual(before);
    }
    const stopping = new AbortController();
    const stopped = rowStats(data.train, {
      ...halfControl,
      signal: stopping.signal,
      report: () => Promise.resolve(stopping.abort()),
    });
    await expect(stopped).rejects.toThrow(Interrupted);
    expect(held()).toEqual(before);
    const failing = { ...halfControl, report: () => Promise.reject(new Error("nobody listens")) };
    await expect(rowStats(data.train, failing)).rejects.toThrow("nobody listens");
    expect(held()).toEqual(before);
    expect(backend.linearLayers).toBeUndefined();
    model.dispose();
  });

  it("is refused on any backend but that of our kernels", async () => {
    const stock = await useStock(backend.gpu);
    await stock.resume({ cpuForward: false });
    try {
      const model = { encoder: new Encoder(wordTokenizer, 16), batchSize: 4, run: () => tensor(0), read: () => {} };
      await expect(scan(data.test, halfControl, model)).rejects.toThrow(
        new InputError("al.scoring_storage is float16, which kernels for a GPU read, and none is in use. Leave it out"),
      );
    } finally {
      await resumeGpu(backend);
    }
  });

  it("is refused where no layer of the model can be read so", async () => {
    const model = await trained(tinyBag);
    const before = held();
    await expect(scoring(model).rowStats(data.test, halfControl)).rejects.toThrow(
      new InputError(
        "al.scoring_storage is float16, but this model has no linear layer that reads float16: inputs and outputs must be multiples " +
          "of 4. Leave al.scoring_storage out",
      ),
    );
    expect(held()).toEqual(before);
    model.dispose();
  });
});

describe("passes with dropout", () => {
  const trained = async (seed = 0, config = tinyBag) =>
    (await learnerOf(config).train(labelled.slice(0, 20), seed, quiet)).model;
  const differences = async (model: TrainedModel, passes: number, asked = data.test) =>
    await scoring(model).dropoutCommittee(asked, passes, quiet);

  it("repeat to the bit for one seed and one number of passes, in whatever order they are asked for", async () => {
    const [model, again] = [await trained(), await trained()];
    const first = await differences(model, 5);
    expect(await differences(model, 5)).toEqual(first);
    expect(await differences(again, 5)).toEqual(first);
    const back = await differences(model, 5, data.test.toReversed());
    expect(back.meanKl.toReversed()).toEqual(first.meanKl);
    expect(back.meanEntropy.toReversed()).toEqual(first.meanEntropy);
    for (const each of [model, again]) each.dispose();
  });

  it("are other passes for another seed", async () => {
    // Weights that hardly moved, and from one start: only the masks tell the seeds apart.
    const [one, other] = [await trained(0), await trained(1)];
    expect((await differences(one, 3)).meanKl).not.toEqual((await differences(other, 3)).meanKl);
    for (const each of [one, other]) each.dispose();
  });

  it("differ from each other, more of them further", async () => {
    const model = await trained();
    const { meanKl, maxKl, voteEntropy, consensusEntropy, meanEntropy } = await differences(model, 8);
    expect(new Set(meanKl).size).toBeGreaterThan(data.test.length / 2);
    meanKl.forEach((kl, index) => {
      expect(kl).toBeGreaterThan(0);
      expect(kl).toBeLessThanOrEqual(maxKl[index]! + 1e-6);
      expect(kl).toBeCloseTo(consensusEntropy[index]! - meanEntropy[index]!, 5);
      expect(voteEntropy[index]).toBeLessThanOrEqual(Math.log(3) + 1e-6);
    });
    // One pass alone has nobody to differ from.
    expectClose((await differences(model, 1)).meanKl, data.test.map(() => 0), 1e-6);
    expect((await differences(model, 3)).maxKl).not.toEqual((await differences(model, 2)).maxKl);
    model.dispose();
  });

  it("are those of the model: near its own prediction where little is dropped", async () => {
    const model = await trained(0, { ...tinyBag, dropout_prob: 1e-9 });
    const { entropy } = await scoring(model).rowStats(data.test, quiet);
    const { meanKl, meanEntropy, consensusEntropy } = await differences(model, 3);
    expectClose(meanKl, data.test.map(() => 0), 1e-6);
    expectClose(meanEntropy, entropy, 3e-6);
    expectClose(consensusEntropy, entropy, 3e-6);
    model.dispose();
  });

  it("do not differ, and are not offered, where a model has no dropout", () => {
    const lacks = (config: { readonly model_type: string }) => learnerOf(config).lacks?.("dropoutCommittee");
    const stillBag = { ...tinyBag, dropout_prob: 0 };
    expect(lacks(stillBag)).toBe(
      "model 'tiny' has no dropout, so that all its passes would agree",
    );
    expect(learnerOf(stillBag).lacks?.("rowStats")).toBeUndefined();
    const still = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 };
    expect(lacks({ ...tinyBert, ...still })).toMatch(/has no dropout/);
    for (const config of [tinyBag, tinyBert, { ...tinyBert, ...still, classifier_dropout: 0.2 }]) {
      expect(lacks(config)).toBeUndefined();
    }
  });

  it("can be stopped between batches", async () => {
    const model = await trained();
    const stopping = new AbortController();
    const control = { signal: stopping.signal, report: () => Promise.resolve(stopping.abort()) };
    await expect(scoring(model).dropoutCommittee(data.test, 2, control)).rejects.toThrow(Interrupted);
    model.dispose();
  });
});

describe("a classifier that cannot be", () => {
  /** One step at a rate that no float32 survives: its loss, which came before, is finite. */
  async function ruined(): Promise<TrainedModel> {
    const learner = learnerOf(tinyBag, { lr: 1e38, steps: 1, warmup: 0 });
    return (await learner.train(labelled.slice(0, 8), 0, quiet)).model;
  }

  it("neither ranks nor predicts by logits that are no numbers, but names an example", async () => {
    const model = await ruined();
    const message = /the logits of example 'test-\d+' hold a NaN or an infinity$/;
    await expect(scoring(model).rowStats(data.test, quiet)).rejects.toThrow(message);
    await expect(model.evaluate(data.test, quiet)).rejects.toThrow(message);
    await expect(scoring(model).dropoutCommittee(data.test, 2, quiet)).rejects.toThrow(
      /the logits of member 0 for example 'test-\d+' hold a NaN or an infinity$/,
    );
    await expect(model.evaluate(data.test, quiet)).rejects.toThrow(Failure);
    model.dispose();
  });

  it("is not trained on nothing", async () => {
    await expect(learnerOf(tinyBag).train([], 0, quiet)).rejects.toThrow(
      new Failure("nothing is labelled, so there is nothing to train 'tiny' on"),
    );
  });

  it("is refused where texts may be longer than it takes", () => {
    expect(() => learnerOf(tinyBert, { max_length: 17 })).toThrow(
      new InputError("training.max_length is 17; model 'tiny' takes at most 16 tokens"),
    );
  });
});
