import { describe, expect, it } from "vitest";
import type { ExperimentConfig } from "../../src/config/schema.ts";
import { InputError } from "../../src/errors.ts";
import { missingParts } from "../../src/experiment/missing.ts";
import { prepare } from "../../src/experiment/prepare.ts";
import { below } from "../../src/host.ts";
import { Registry } from "../../src/registry.ts";
import { classification } from "../../src/tasks/classification.ts";
import type { Task } from "../../src/tasks/task.ts";
import { projectFiles } from "../fixtures/project_files.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { experiment, group, jsonLines, prepareStub, stubAssets, type StubOptions, topicRows } from "./stub_plan.ts";
import { stubTask } from "./stub_task.ts";

async function refusal(configs: readonly ExperimentConfig[], options: StubOptions = {}): Promise<string> {
  const thrown = await prepareStub(configs, options).then(() => undefined, (reason) => reason);
  expect(thrown).toBeInstanceOf(InputError);
  expect((thrown as InputError).message.split("\n").length).toBeLessThanOrEqual(2);
  return (thrown as InputError).message;
}

describe("a plan that is prepared", () => {
  it("runs seed by seed, so that the runs of a group stay paired", async () => {
    const { runs } = await prepareStub(group({ seeds: [2, 0] }));
    expect(runs.map(({ config, seed }) => `${config.name} ${seed}`)).toEqual([
      "random 0",
      "self 0",
      "asm-encoder-32 0",
      "asm-bag-64 0",
      "random 2",
      "self 2",
      "asm-encoder-32 2",
      "asm-bag-64 2",
    ]);
  });

  it("reads each file once", async () => {
    const counts = new Map<string, number>();
    const counted = (files: MemoryFiles) => ({
      ...below(files, ""),
      read: (path: string) => {
        counts.set(path, (counts.get(path) ?? 0) + 1);
        return files.read(path);
      },
    });
    const userFiles = MemoryFiles.of({
      "train.jsonl": jsonLines(topicRows("train", 60)),
      "test.jsonl": jsonLines(topicRows("test", 40)),
    });
    await prepare(group({ seeds: [0, 1] }), {
      assets: counted(stubAssets),
      userFiles: counted(userFiles),
      tasks: new Registry("task", [stubTask()]),
    });
    const models = ["encoder-64", "encoder-32", "bag-64"].map((name) => [`models/${name}/config.json`, 1]);
    expect(Object.fromEntries(counts)).toMatchObject({
      "train.jsonl": 1,
      "test.jsonl": 1,
      ...Object.fromEntries(models),
    });
  });

  it("says what its data say", async () => {
    const userFiles = MemoryFiles.of({
      "trec/train.jsonl": jsonLines(topicRows("train", 60)),
      "trec/test.jsonl": jsonLines(topicRows("test", 40)),
    });
    const inFolder = experiment({ data: { dataset_name: "trec", path: "trec", train: null, test: null } });
    const tasks = new Registry("task", [stubTask()]);
    const { notices, data } = await prepare([inFolder], { assets: stubAssets, userFiles, tasks });
    expect(notices).toContain(
      "data set 'trec': 60 training and 40 test examples, where 5452 and 500 are published",
    );
    expect(Object.keys(data)).toEqual(["trec"]);
  });

  it("has a hash of its data that follows every text and label, and not the order of rows", async () => {
    const rows = topicRows("train", 60);
    const hashOf = async (train: readonly unknown[]) => (await prepareStub([experiment()], { train })).data.topics;
    const usual = await hashOf(rows);
    expect(await hashOf([...rows].reverse())).toBe(usual);
    expect(await hashOf(rows.map((row, index) => (index === 7 ? { ...row, text: `${row.text}.` } : row)))).not.toBe(
      usual,
    );
    const other = rows[7]!.label === "spam" ? "news" : "spam";
    expect(await hashOf(rows.map((row, index) => (index === 7 ? { ...row, label: other } : row)))).not.toBe(usual);
  });
});

describe("a plan that does not fit together", () => {
  const changes: [what: string, configs: ExperimentConfig[], message: string | RegExp][] = [
    [
      "an unknown strategy",
      [experiment({ al: { strategy: "margn" } })],
      "self: al.strategy: unknown strategy 'margn'. Did you mean margin?",
    ],
    [
      "a strategy of another task",
      [experiment({ al: { strategy: "mnlp" } })],
      "self: al.strategy: 'mnlp' needs tokenStats of its model, which task 'stub' does not give",
    ],
    ["an unknown task", [experiment({ task: "stubb" })], "self: task: unknown task 'stubb'. Did you mean stub?"],
    [
      "a metric that the task has not",
      [experiment({ metric: "rouge1" })],
      "self: metric: task 'stub' has no metric 'rouge1'. It has: accuracy, macro_f1",
    ],
    [
      "an unknown model",
      [experiment({ acquisition: "encoder-46" })],
      /^self: acquisition_model\.name: unknown model 'encoder-46'\. Did you mean encoder-64\?\nA folder is written with its path, such as \.\/encoder-46; a model of the hub /,
    ],
    [
      "a sampling by scores where nothing is scored",
      [experiment({ al: { strategy: "random", sampling_type: "ups" } })],
      "self: al.sampling_type: 'ups' goes by the scores of earlier rounds; 'random' gives none",
    ],
    [
      "a file that is not there",
      [experiment({ data: { test: "tset.jsonl" } })],
      "data.test: there is no file tset.jsonl",
    ],
    [
      "two data sets of one name",
      [experiment(), experiment({ name: "b", data: { test: null, test_fraction: 0.5 } })],
      /^b: data: another experiment's data set is called 'topics' too/,
    ],
  ];

  it.each(changes)("is refused with place and remedy: %s", async (_what, configs, message) => {
    expect(await refusal(configs)).toMatch(message);
  });

  it("is refused where the task's models lack what the strategy needs", async () => {
    const blind: Task = { ...stubTask(), capabilities: [] };
    expect(await refusal([experiment()], { task: blind })).toBe(
      "self: al.strategy: 'lc' needs rowStats of its model, which task 'stub' does not give",
    );
    await prepareStub([experiment({ al: { strategy: "random" } })], { task: blind });
  });
});

describe("bald", () => {
  const withBald = experiment({ task: "classification", al: { strategy: "bald" } });

  it("is refused where the acquisition model has no dropout", async () => {
    expect(await refusal([withBald], { task: classification })).toBe(
      "self: al.strategy: 'bald' needs dropoutCommittee, but model 'encoder-64' has no dropout, so that all its passes would agree",
    );
  });

  it("is in order where it has one, and no other strategy asks", async () => {
    const userFiles = MemoryFiles.of({
      "train.jsonl": jsonLines(topicRows("train", 60)),
      "test.jsonl": jsonLines(topicRows("test", 40)),
    });
    await prepare([withBald], { assets: projectFiles, userFiles });
    await prepareStub([{ ...withBald, al: { ...withBald.al, strategy: "lc" } }], { task: classification });
  });
});

describe("the parts of a plan that are not there yet", () => {
  it("are named, each once", () => {
    const tagging = experiment({ task: "tagging" });
    expect(missingParts([tagging, { ...tagging, name: "b" }])).toEqual(["task 'tagging' is not there yet"]);
  });

  it("are none where everything is there", () => {
    expect(missingParts(group().map((config) => ({ ...config, task: "classification" })))).toEqual([]);
  });
});
