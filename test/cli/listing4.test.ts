import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { listingFile } from "../config/resolve.ts";
import { trecHub } from "../hub/trec_hub.ts";
import { sharedFile } from "../shared.ts";
import { startPupil } from "./call_pupil.ts";

/** All 16 rounds of three seeds take a quarter of an hour without a GPU. */
const SHORTER = [
  "seeds=[0]",
  "al.num_queries=1",
  "training.min_steps=20",
  "training.epochs=1",
  "training.max_length=32",
];

it("the thesis's listing 4 runs to its report, its models and TREC fetched from a hub", async (context) => {
  const files = {
    train: sharedFile(context, "data/trec/train.jsonl"),
    test: sharedFile(context, "data/trec/test.jsonl"),
  };
  const hub = trecHub(files);
  const cwd = mkdtempSync(join(tmpdir(), "pupil-listing4-"));
  try {
    const env = { HF_ENDPOINT: hub.url, PUPIL_CACHE: join(cwd, "cache") };
    const run = (...args: string[]) => startPupil(cwd, ["run", listingFile(4), ...SHORTER, ...args], env).ended;

    const dry = await run("--dry-run");
    expect(dry.code, dry.stderr).toBe(0);
    expect(dry.stderr).toContain(
      "trec: 5,452 texts to learn from, 545 of them held out for validation, 500 texts to evaluate on, 6 classes",
    );
    expect(dry.stderr).toContain("49 texts labelled at first, 49 a query, 98 after 1 query");
    expect(dry.stderr).toMatch(/bert-base-cased: \d trainings of \d+( to \d+)? steps, \d+ in all/);
    expect(dry.stderr).toMatch(
      /distilbert-base-cased: [\d.]+ ms a step, [\d.]+ ms to score a text, [\d.]+ MB of GPU memory/,
    );
    expect(dry.stderr).toMatch(/estimate: .*, [\d.]+ MB of GPU memory/);

    const { code, stdout, stderr } = await run("--out", "trec");
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("Report: trec/report.html");
    const { commits } = JSON.parse(readFileSync(join(cwd, "trec/plan.json"), "utf8"));
    expect(Object.keys(commits)).toEqual([
      "bert-base-cased@main",
      "datasets/CogComp/trec@main",
      "datasets/CogComp/trec@refs/convert/parquet",
      "distilbert-base-cased@main",
    ]);
    const [header, ...rows] = readFileSync(join(cwd, "trec/curves.csv"), "utf8").trimEnd().split("\n");
    expect(header).toMatch(/metric,score_0,score_1$/);
    expect(rows.map((row) => row.split(",").slice(0, 6).join(","))).toEqual([
      "trec,bert-base-cased,bert-base-cased,random,one,random",
      "trec,bert-base-cased,bert-base-cased,self,one,lc",
      "trec,bert-base-cased,distilbert-base-cased,distilled,asm,lc",
    ]);
  } finally {
    await hub.close();
    rmSync(cwd, { recursive: true });
  }
});
