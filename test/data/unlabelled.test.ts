import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { loadData } from "../../src/experiment/load_data.ts";
import { goldOracle } from "../../src/experiment/oracle.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { resolve } from "../config/resolve.ts";
import { experiment, jsonLines } from "../experiment/stub_plan.ts";

const pool = [{ text: "one" }, { text: "two", label: "ham" }, { text: "three" }];
const test = [{ text: "four", label: "spam" }];

function load(train: readonly unknown[], held: readonly unknown[], classes = ["spam", "ham"]) {
  const { data } = experiment({ data: { classes } });
  const userFiles = MemoryFiles.of({ "train.jsonl": jsonLines(train), "test.jsonl": jsonLines(held) });
  return loadData({ ...data, test: "test.jsonl" }, { assets: new MemoryFiles(), userFiles });
}

describe("a data set that a person labels", () => {
  it("has texts without labels, and the classes that are given, sorted", async () => {
    const data = await load(pool, test);
    expect(data.labels).toEqual(["ham", "spam"]);
    expect(data.train.map(({ text, label }) => [text, label])).toEqual([
      ["one", undefined],
      ["two", "ham"],
      ["three", undefined],
    ]);
    expect(data.test.map(({ label }) => label)).toEqual(["spam"]);
  });

  it.each([
    [
      "a label that is no class",
      [...pool, { text: "five", label: "eggs" }],
      test,
      /label 'eggs', which is none of data\.classes: spam, ham/,
    ],
    ["a test text without a label", pool, [{ text: "four" }], /no column 'label'/],
    ["a text in both parts", [{ id: "a", text: "x" }], [{ id: "a", text: "y", label: "ham" }], /id 'a' stands in both/],
  ])("refuses %s", async (_what, train, held, expected) => {
    await expect(load(train, held)).rejects.toThrow(expected);
    await expect(load(train, held)).rejects.toThrow(InputError);
  });

  it("is not labelled by the simulated oracle", async () => {
    const data = await load(pool, test);
    const answers = goldOracle.label(data.train, { round: 0 })[Symbol.asyncIterator]();
    await expect(answers.next()).rejects.toThrow(/has no label in the data/);
  });
});

describe("data.classes", () => {
  const own = ["data=own", "data.train=a.jsonl", "data.classes=[ham,spam]"];
  it.each([
    ["without a test file", own, /data\.classes needs data\.test/],
    [
      "twice the same",
      ["data=own", "data.train=a.jsonl", "data.test=b.jsonl", "data.classes=[ham,ham]"],
      /two or more different names/,
    ],
    ["for a registered data set", ["data.classes=[ham,spam]"], /data\.classes has no effect: no data\.train is given/],
  ])("is refused %s", async (_what, overrides, expected) => {
    await expect(resolve("defaults: [al_cls, {data: mail}]\nacquisition_model: {name: bag-64}\n", overrides)).rejects
      .toThrow(
        expected,
      );
  });

  it("stands in the plan where it is given, and nowhere else", async () => {
    const source = "defaults: [al_cls, {data: own}]\nacquisition_model: {name: bag-64}\ndata: {train: a.jsonl}\n";
    const given = await resolve(source, ["data.test=b.jsonl", "data.classes=[ham,spam]"]);
    expect(given.experiments[0]!.data.classes).toEqual(["ham", "spam"]);
    expect((await resolve(source, [])).experiments[0]!.data).not.toHaveProperty("classes");
  });
});
