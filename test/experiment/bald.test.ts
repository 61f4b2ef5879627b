import { beforeAll, describe, expect, it } from "vitest";
import { execute } from "../../src/experiment/execute.ts";
import { prepare, type PreparedPlan } from "../../src/experiment/prepare.ts";
import { readJournal } from "../../src/experiment/read_journal.ts";
import { readScores } from "../../src/experiment/score_file.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { projectFiles } from "../fixtures/project_files.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { smallModel, writeSmallModel } from "./small_model.ts";
import { executeAll, experiment, jsonLines, ofKind, restlessClock, topicRows, withoutSeconds } from "./stub_plan.ts";

function configOf(dropout_passes: number) {
  const al = { strategy: "bald", dropout_passes, init_p_or_n: 16, step_p_or_n: 8, num_queries: 2 };
  const config = experiment({ task: "classification", metric: "macro_f1", successor: smallModel, al });
  const training = { ...config.successor_model.training, lr: 2e-2, steps: 10, max_length: 8 };
  const model = { ...config.successor_model, training };
  return { ...config, acquisition_model: model, successor_model: model };
}

async function planOf(passes: number): Promise<PreparedPlan> {
  const userFiles = MemoryFiles.of({
    "train.jsonl": jsonLines(topicRows("train", 64)),
    "test.jsonl": jsonLines(topicRows("test", 32)),
  });
  await writeSmallModel(userFiles);
  return await prepare([configOf(passes)], { assets: projectFiles, userFiles });
}

const folder = "self/seed-0";
const files = new MemoryFiles();

beforeAll(async () => {
  await useGpu(await testGpu());
  await executeAll(await planOf(4), files);
  // SwiftShader may compile for a minute.
}, 300_000);

const journalOf = async (of: MemoryFiles) => readJournal((await of.read(`${folder}/journal.jsonl`))!, "journal").events;
const scoresOf = (of: MemoryFiles, round: number) => readScores(of, `${folder}/scores-${round}.bin`);

describe("a run that picks by disagreement under dropout", () => {
  it("scores the pool, and picks what has the greatest scores", async () => {
    const journal = await journalOf(files);
    expect(ofKind(journal, "score").map(({ scored }) => scored)).toEqual([48, 40]);
    for (const { round, ids: picked, scores: given } of ofKind(journal, "acquire")) {
      const { ids, scores } = await scoresOf(files, round);
      expect(scores.every((score) => score >= 0 && score <= Math.log(3) + 1e-5)).toBe(true);
      expect(new Set(scores).size).toBeGreaterThan(ids.length / 2);
      const best = [...scores].sort((a, b) => b - a).slice(0, 8);
      expect(given).toEqual(best);
      expect(picked.map((id) => scores[ids.indexOf(id)])).toEqual(best);
    }
  });

  it("gives the same bytes when it is repeated, and when it goes on after a crash", async () => {
    const again = new MemoryFiles();
    again.crashAfter(16);
    await expect(executeAll(await planOf(4), again)).rejects.toThrow("");
    const resumed = again.restart();
    await executeAll(await planOf(4), resumed);
    const repeated = new MemoryFiles();
    for await (const _ of execute(await planOf(4), { files: repeated, clock: restlessClock() }));
    for (const other of [resumed, repeated]) {
      expect(withoutSeconds(other.texts())).toEqual(withoutSeconds(files.texts()));
      for (const round of [1, 2]) {
        expect(await other.read(`${folder}/scores-${round}.bin`)).toEqual(
          await files.read(`${folder}/scores-${round}.bin`),
        );
      }
    }
  });

  it("scores by as many passes as the config says", async () => {
    const more = new MemoryFiles();
    await executeAll(await planOf(5), more);
    expect((await scoresOf(more, 1)).ids).toEqual((await scoresOf(files, 1)).ids);
    expect((await scoresOf(more, 1)).scores).not.toEqual((await scoresOf(files, 1)).scores);
  });
});
