import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { parseCurves } from "../../src/evaluation/curves_csv.ts";
import { prepare } from "../../src/experiment/prepare.ts";
import { readScores } from "../../src/experiment/score_file.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { useWasm } from "../../src/tfjs/wasm.ts";
import { executeAll, experiment, jsonLines, topicRows, withoutSeconds } from "../experiment/stub_plan.ts";
import { smallModel, writeSmallModel } from "../experiment/small_model.ts";
import { projectFiles } from "../fixtures/project_files.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { wasmFiles } from "./wasm_files.ts";

/** A group whose successor is a small bag of words and whose other acquisition model is an encoder. */
function arm(name: string, acquisition = smallModel) {
  const config = experiment({
    name,
    task: "classification",
    metric: "macro_f1",
    successor: smallModel,
    acquisition,
    al: { strategy: name === "random" ? "random" : "entropy", init_p_or_n: 16, step_p_or_n: 8, num_queries: 2 },
  });
  const trained = (model: typeof config.successor_model) => ({
    ...model,
    training: { ...model.training, lr: 1e-2, steps: 30, max_length: 8 },
  });
  return {
    ...config,
    acquisition_model: trained(config.acquisition_model),
    successor_model: trained(config.successor_model),
  };
}

/** Runs the group anew. */
async function ran(): Promise<MemoryFiles> {
  const userFiles = MemoryFiles.of({
    "train.jsonl": jsonLines(topicRows("train", 64)),
    "test.jsonl": jsonLines(topicRows("test", 32)),
  });
  await writeSmallModel(userFiles);
  const arms = [arm("random"), arm("self"), arm("asm-encoder-32", "encoder-32")];
  const files = new MemoryFiles();
  await executeAll(await prepare(arms, { assets: projectFiles, userFiles }), files);
  return files;
}

describe("a tiny group on wasm", () => {
  let onGpu: MemoryFiles;
  let onWasm: MemoryFiles;
  beforeAll(async () => {
    await useGpu(await testGpu());
    onGpu = await ran();
    await useWasm(wasmFiles);
    onWasm = await ran();
  });

  it("gives the curves of our own backend, and its scores to 1e-4", async () => {
    const curvesOf = (files: MemoryFiles) => parseCurves(files.texts()["curves.csv"]!, "curves.csv");
    expect(curvesOf(onWasm)).toEqual(curvesOf(onGpu));
    const paths = Object.keys(onGpu.texts()).filter((path) => path.endsWith(".bin"));
    expect(paths).toHaveLength(4);
    for (const path of paths) {
      const [ours, others] = [await readScores(onGpu, path), await readScores(onWasm, path)];
      expect(others.ids).toEqual(ours.ids);
      ours.scores.forEach((score, index) => expect(Math.abs(others.scores[index]! - score)).toBeLessThan(1e-4));
    }
  });

  it("repeats to the byte, and holds no more tensors than before", async () => {
    const before = memory().numTensors;
    const again = await ran();
    const [found, expected] = [withoutSeconds(again.texts()), withoutSeconds(onWasm.texts())];
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [path, text] of Object.entries(found)) expect(text, path).toBe(expected[path]);
    expect(memory().numTensors).toBe(before);
  });
});
