import { describe, expect, it } from "vitest";
import { chooseParts } from "../../../src/data/parts/choose_parts.ts";
import { partFiles } from "../../../src/data/parts/part_files.ts";

describe("a file of a data set", () => {
  it.each([
    ["train.parquet", "default", "train", 0],
    ["data/train.jsonl.gz", "default", "train", 0],
    ["work/val.csv", "work", "val", 0],
    ["train_v1.jsonl", "default", "train_v1", 0],
    ["data/en/dev.conll", "en", "dev", 0],
    ["data/train-00003-of-00012.parquet", "default", "train", 3],
    ["de/held-out-00000-of-00001-0123456789abcdef.parquet", "de", "held-out", 0],
    ["main/validation/0002.parquet", "main", "validation", 2],
    ["data/test/part-7.parquet", "default", "test", 7],
    ["unsupervised.parquet", "default", "unsupervised", 0],
  ])("is known by its path: %s", (path, subset, split, shard) => {
    expect(partFiles([path])).toEqual([expect.objectContaining({ path, subset, split, shard })]);
  });

  it.each(["README.md", "dataset_infos.json", "constrained.csv", ".cache/train.csv", "train", "train.zip", "0000.csv"])(
    "is not one that may be anything: %s",
    (path) => expect(partFiles([path])).toEqual([]),
  );
});

describe("the files of a split", () => {
  const choose = (paths: readonly string[], wanted = {}) => chooseParts(partFiles(paths), wanted, "mails");

  it("are in order, of one format, and may be called otherwise", () => {
    const parts = ["train-00010-of-00011.csv", "train-00002-of-00011.csv", "valid.csv"];
    expect(choose(parts)).toEqual({
      train: ["train-00002-of-00011.csv", "train-00010-of-00011.csv"],
      test: ["valid.csv"],
      notices: ["'mails' has no split 'test': 'valid' is tested on"],
    });
    expect(choose(["train.csv", "train.jsonl", "test.csv", "dev.csv"], { test_split: "validation" })).toMatchObject({
      train: ["train.csv"],
      test: ["dev.csv"],
      notices: [],
    });
  });

  it("are not guessed between several", () => {
    expect(() => choose(["train_a.csv", "train_b.csv", "test.csv"])).toThrow(
      "'mails' has several splits for 'train': train_a, train_b. Choose one with data.train_split=SPLIT",
    );
    expect(choose(["train_a.csv", "train_b.csv", "test.csv"], { train_split: "train_b" }).train).toEqual([
      "train_b.csv",
    ]);
  });
});
