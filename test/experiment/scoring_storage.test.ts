import { beforeAll, describe, expect, it } from "vitest";
import { prepare } from "../../src/experiment/prepare.ts";
import { readJournal } from "../../src/experiment/read_journal.ts";
import { readScores } from "../../src/experiment/score_file.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { projectFiles } from "../fixtures/project_files.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { expectClose } from "../kernels/cases.ts";
import { smallModel, writeSmallModel } from "./small_model.ts";
import { executeAll, experiment, jsonLines, ofKind, topicRows } from "./stub_plan.ts";

const folder = "self/seed-0";

/** A run of one round by least confidence. */
async function runOf(storage: { readonly scoring_storage?: "float16" }): Promise<MemoryFiles> {
  const al = { strategy: "lc", init_p_or_n: 16, step_p_or_n: 8, num_queries: 1, ...storage };
  const config = experiment({ task: "classification", metric: "macro_f1", successor: smallModel, al });
  const model = {
    ...config.successor_model,
    training: { ...config.successor_model.training, lr: 2e-2, steps: 10, max_length: 8 },
  };
  const userFiles = MemoryFiles.of({
    "train.jsonl": jsonLines(topicRows("train", 64)),
    "test.jsonl": jsonLines(topicRows("test", 32)),
  });
  await writeSmallModel(userFiles);
  const plan = await prepare([{ ...config, acquisition_model: model, successor_model: model }], {
    assets: projectFiles,
    userFiles,
  });
  const files = new MemoryFiles();
  await executeAll(plan, files);
  return files;
}

let plain: MemoryFiles;
let halved: MemoryFiles;
beforeAll(async () => {
  await useGpu(await testGpu());
  plain = await runOf({});
  halved = await runOf({ scoring_storage: "float16" });
});

const journalOf = async (of: MemoryFiles) => readJournal((await of.read(`${folder}/journal.jsonl`))!, "journal").events;

describe("a run that scores with stored halves", () => {
  it("scores the same examples, a little otherwise", async () => {
    const [exact, rounded] = await Promise.all(
      [plain, halved].map((files) => readScores(files, `${folder}/scores-1.bin`)),
    ) as [{ ids: readonly string[]; scores: Float32Array }, { ids: readonly string[]; scores: Float32Array }];
    expect(rounded.ids).toEqual(exact.ids);
    expect(rounded.scores).not.toEqual(exact.scores);
    expectClose(rounded.scores, exact.scores, 5e-3);
  });

  it("trains and evaluates as any other", async () => {
    const [exact, rounded] = [await journalOf(plain), await journalOf(halved)];
    expect(ofKind(rounded, "warm_start")).toEqual(ofKind(exact, "warm_start"));
    const first = (events: typeof exact) => [ofKind(events, "train")[0], ofKind(events, "evaluate")[0]];
    expect(first(rounded)).toEqual(first(exact));
  });
});
