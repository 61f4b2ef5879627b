import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, type TestContext } from "vitest";
import { listingFile } from "../config/resolve.ts";
import { cedrHub, type Parts, trecHub } from "../hub/listing_hub.ts";
import type { LoopbackHub } from "../hub/loopback_hub.ts";
import { sharedFile } from "../shared.ts";
import { type Ended, startPupil } from "./call_pupil.ts";

/** All 16 rounds of three seeds take a quarter of an hour without a GPU. */
const SHORTER = ["seeds=[0]", "al.num_queries=1", "training.min_steps=20", "training.epochs=1"];

/** Runs a listing of the thesis against a hub that has what it names. */
async function withHub(
  context: TestContext,
  { number, folder, open }: { number: number; folder: string; open: (parts: Parts) => LoopbackHub },
  use: (run: (...args: string[]) => Promise<Ended>, cwd: string) => Promise<void>,
): Promise<void> {
  const file = (part: string) => sharedFile(context, `data/${folder}/${part}.jsonl`);
  const hub = open({ train: file("train"), test: file("test") });
  const cwd = mkdtempSync(join(tmpdir(), "pupil-listing-"));
  const env = { HF_ENDPOINT: hub.url, PUPIL_CACHE: join(cwd, "cache") };
  try {
    await use((...args) => startPupil(cwd, ["run", listingFile(number), ...SHORTER, ...args], env).ended, cwd);
  } finally {
    await hub.close();
    rmSync(cwd, { recursive: true });
  }
}

function curvesIn(folder: string): string[] {
  const [header, ...rows] = readFileSync(join(folder, "curves.csv"), "utf8").trimEnd().split("\n");
  expect(header).toMatch(/metric,score_0,score_1$/);
  return rows.map((row) => row.split(",").slice(0, 6).join(","));
}

it("the thesis's listing 4 says how large it is, and runs to its report with all that it names from a hub", async (context) => {
  await withHub(context, { number: 4, folder: "trec", open: trecHub }, async (run, cwd) => {
    const dry = await run("--dry-run");
    expect(dry.code, dry.stderr).toBe(0);
    expect(dry.stderr).toContain(
      "trec: 5,452 texts to learn from, 545 of them held out for validation, 500 texts to evaluate on, 6 classes",
    );
    expect(dry.stderr).toContain("49 texts labelled at first, 49 a query, 98 after 1 query");
    expect(dry.stderr).toMatch(/bert-base-cased: \d trainings of \d+( to \d+)? steps, \d+ in all/);
    expect(dry.stderr).toMatch(/distilbert-base-cased: [\d.]+ ms a step, [\d.]+ ms to score a text, [\d.]+ MB of GPU/);
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
    expect(curvesIn(join(cwd, "trec"))).toEqual([
      "trec,bert-base-cased,bert-base-cased,random,one,random",
      "trec,bert-base-cased,bert-base-cased,self,one,lc",
      "trec,bert-base-cased,distilbert-base-cased,distilled,asm,lc",
    ]);
  });
});

it("listing 1 runs to its report likewise", async (context) => {
  await withHub(context, { number: 1, folder: "cedr_single", open: cedrHub }, async (run, cwd) => {
    const { code, stderr } = await run("--out", "cedr");
    expect(code, stderr).toBe(0);
    const names = "Rexhaif/cedr-full,bert-base-multilingual-cased,bert-base-multilingual-cased";
    expect(curvesIn(join(cwd, "cedr"))).toEqual([`${names},random,one,random`, `${names},self,one,lc`]);
  });
});
