import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { assets } from "../../cli/host/assets.ts";
import { resolveOwnConfig } from "../../cli/run/config_files.ts";
import type { LabelledExample } from "../../src/data/examples.ts";
import { models } from "../../src/models/registry.ts";
import { classification } from "../../src/tasks/classification.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { sharedFile } from "../shared.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

const quiet = { report: () => Promise.resolve() };

it("use-lite-en, frozen, tells TREC's questions apart as configs/use_lite_trec.yaml trains it", async (context) => {
  const rowsOf = (part: string): LabelledExample[] =>
    readFileSync(sharedFile(context, `data/trec/${part}.jsonl`), "utf8").trimEnd().split("\n").map((row) =>
      JSON.parse(row)
    );
  const [train, test] = [rowsOf("train"), rowsOf("test")];
  const labels = [...new Set(train.map(({ label }) => label))].sort();
  const { training } = (await resolveOwnConfig("use_lite_trec")).experiments[0]!.successor_model;
  const model = await models.get("use-lite-en").load({ assets });
  const learner = classification.learner({ name: "trec", train, test, labels }, model, training);
  const { model: trained } = await learner.train(train, 0, quiet);
  const { metrics } = await trained.evaluate(test, quiet);
  trained.dispose();
  expect(metrics["accuracy"]).toBeGreaterThanOrEqual(0.88);
}, 400_000);
