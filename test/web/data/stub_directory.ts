import { beginPlan } from "../../../src/experiment/run_directory.ts";
import type { Sources } from "../../../src/experiment/sources.ts";
import { below } from "../../../src/host.ts";
import { executeAll, group, jsonLines, prepareStub, stubAssets, topicRows } from "../../experiment/stub_plan.ts";
import { MemoryFiles } from "../../host/memory_files.ts";

/** What a page keeps once it has run a group of stubs on data of the person's own. */
export async function stubDirectory(): Promise<{ files: MemoryFiles; sources: Sources }> {
  const data = { train: "data/topics.jsonl", test: "data/topics-test.jsonl" };
  const files = MemoryFiles.of({
    [data.train]: jsonLines(topicRows("train", 60)),
    [data.test]: jsonLines(topicRows("test", 40)),
  });
  const experiments = group({ seeds: [0, 1], data });
  // The stub's own data are the same.
  const plan = await prepareStub(group({ seeds: [0, 1] }));
  const run = below(files, "runs/topics");
  await beginPlan(run, { name: "topics", experiments, data: plan.data }, { pupil: "0.1.0" }, "a stub");
  await executeAll(plan, run);
  return { files, sources: { assets: stubAssets, userFiles: files } };
}
