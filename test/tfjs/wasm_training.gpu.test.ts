import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { TrainingConfig } from "../../src/config/schema.ts";
import type { DataSet } from "../../src/data/example.ts";
import type { LabelledExample } from "../../src/data/examples.ts";
import { Interrupted } from "../../src/errors.ts";
import { findModel } from "../../src/experiment/find_model.ts";
import { loadData } from "../../src/experiment/load_data.ts";
import { random, shuffled } from "../../src/random.ts";
import { classification } from "../../src/tasks/classification.ts";
import type { Learner } from "../../src/tasks/task.ts";
import { useWasm } from "../../src/tfjs/wasm.ts";
import { published } from "../data/published.ts";
import { projectFiles } from "../fixtures/project_files.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { wasmFiles, wasmHeapBytes } from "./wasm_files.ts";

/** As `configs/training/small.yaml` has it, but for the steps. */
const config: TrainingConfig = {
  lr: 5e-3,
  epochs: 10,
  step_rule: "fixed",
  min_steps: 20,
  steps: 20,
  batch_size_args: { batch_size: 16, min_batch_size: 4, eval_batch_size: 64 },
  accumulation: 1,
  weight_decay: 0.01,
  warmup: 0.1,
  clip: 1,
  max_length: 32,
};

/** Vite's server says of a packed file that it is packed for the way, so that a browser unpacks it. */
const assets = {
  ...projectFiles,
  async read(path: string): Promise<Uint8Array | undefined> {
    const bytes = await projectFiles.read(path);
    if (!bytes || !path.endsWith(".gz") || bytes[0] === 0x1f) return bytes;
    const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(packed).arrayBuffer());
  },
};

let data: DataSet;
let labelled: readonly LabelledExample[];
beforeAll(async () => {
  await useWasm(wasmFiles);
  data = await loadData(published("mail"), { assets, userFiles: new MemoryFiles() });
  labelled = shuffled(data.train, random("warm start")).slice(0, 40) as LabelledExample[];
});

async function learnerOf(model: string, steps = config.steps): Promise<Learner> {
  const loaded = await findModel(model, new MemoryFiles(), "test").load({ assets: projectFiles });
  return classification.learner(data, loaded, { ...config, steps });
}

const quiet = { report: () => Promise.resolve() };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(["encoder-64", "bag-64"])("%s, trained on mails on wasm", (model) => {
  it("learns, repeats to the bit, answers all that a strategy may ask, and holds nothing once it is disposed of", async () => {
    const learner = await learnerOf(model);
    const some = data.test.slice(0, 70);
    const once = async () => {
      const { model: trained, losses } = await learner.train(labelled, 0, quiet);
      const answers = {
        evaluation: await trained.evaluate(some, quiet),
        stats: await trained.rowStats!(some, quiet),
        committee: await trained.dropoutCommittee!(some, 3, quiet),
      };
      trained.dispose();
      return { losses, ...answers };
    };
    const first = await once();
    const [{ numTensors, numBytes }, heap] = [memory(), wasmHeapBytes()];
    for (let time = 0; time < 2; time++) expect(await once()).toEqual(first);
    expect(memory()).toMatchObject({ numTensors, numBytes });
    expect(wasmHeapBytes()).toBe(heap);

    expect(mean(first.losses.slice(-5))).toBeLessThan(0.7 * mean(first.losses.slice(0, 5)));
    const { entropy, margin } = first.stats;
    expect(entropy.every((value) => value >= 0 && value <= Math.log(data.labels.length) + 1e-5)).toBe(true);
    expect(margin.every((value) => value >= 0 && value <= 1 + 1e-6)).toBe(true);
    expect(new Set(entropy).size).toBeGreaterThan(30);
    expect(first.committee.meanKl.some((value) => value > 1e-4), "passes with dropout differ").toBe(true);
  });
});

it("a training on wasm can be stopped from outside", async () => {
  const stop = new AbortController();
  // Comes with a turn of the event loop, as a message to a Worker does.
  setTimeout(() => stop.abort(), 0);
  const learner = await learnerOf("bag-64", 2000);
  await expect(learner.train(labelled, 0, { ...quiet, signal: stop.signal })).rejects.toThrow(Interrupted);
});
