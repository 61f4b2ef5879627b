import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { DenoFiles } from "../../cli/host/deno_files.ts";
import { dataSetFromFiles, dataSetFromOneFile } from "../../src/data/from_files.ts";
import { loadData } from "../../src/experiment/load_data.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { sharedFile } from "../shared.ts";
import { published } from "./published.ts";

function file(context: TestContext, name: string) {
  return { name, bytes: new Uint8Array(readFileSync(sharedFile(context, `data/${name}`))) };
}

describe("real data", () => {
  it("TREC has its published counts", async (context) => {
    const set = await dataSetFromFiles("trec", file(context, "trec/train.jsonl"), file(context, "trec/test.jsonl"));
    expect([set.train.length, set.test.length]).toEqual([5452, 500]);
    expect(set.labels).toEqual(["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"]);
  });

  it("SMS spam splits into parts that share no text", async (context) => {
    const set = await dataSetFromOneFile("sms", file(context, "sms_spam/all.jsonl"), 0.2);
    expect(set.train.length + set.test.length).toBe(5574);
    const learned = new Set(set.train.map(({ text }) => text));
    expect(set.test.some(({ text }) => learned.has(text))).toBe(false);
  });
});

describe("the embedded mails", () => {
  it("load from the project's own files", async () => {
    using assets = new DenoFiles(join(import.meta.dirname!, "../.."));
    const set = await loadData(published("mail"), { assets, userFiles: new MemoryFiles() });
    expect(set.labels.length).toBeGreaterThan(1);
    expect(set.train.length).toBeGreaterThan(set.test.length);
  });
});
