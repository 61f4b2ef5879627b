import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assets } from "../../../cli/host/assets.ts";
import { DenoFiles } from "../../../cli/host/deno_files.ts";
import { userFiles } from "../../../cli/host/user_files.ts";
import { below, type Files } from "../../../src/host.ts";
import type { ArchiveEntry } from "../../../web/data/archive_entry.ts";
import { exportRun } from "../../../web/data/export_run.ts";
import { importRun } from "../../../web/data/import_run.ts";
import { readZip } from "../../../web/data/zip/read_zip.ts";
import { callPupil } from "../../cli/call_pupil.ts";
import { writeTinyPlan } from "../../cli/topic_files.ts";
import { withoutSeconds } from "../../experiment/stub_plan.ts";
import { MemoryFiles } from "../../host/memory_files.ts";

const training = [
  "training.lr=2e-3",
  "training.steps=3",
  "training.max_length=8",
  "training.batch_size_args.batch_size=8",
];
const journal = "tiny/seed-0/journal.jsonl";

let cwd: string;
/** A run directory that the command line made, whole. */
let whole: MemoryFiles;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "pupil-archive-"));
  writeTinyPlan(cwd);
  await call(cwd, "run", "tiny.yaml", "--out", "whole", "al.num_queries=2");
  whole = await loaded(join(cwd, "whole"));
});
afterAll(() => rmSync(cwd, { recursive: true }));

async function call(from: string, ...args: string[]): Promise<string> {
  const { code, stderr } = await callPupil(from, ...args);
  expect(code, stderr).toBe(0);
  return stderr;
}

async function loaded(folder: string): Promise<MemoryFiles> {
  using disk = new DenoFiles(folder);
  const files = new MemoryFiles();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    await files.write(path, (await disk.read(path))!);
  }
  return files;
}

async function exported(files: Files): Promise<readonly ArchiveEntry[]> {
  const { bytes, file, notices } = await exportRun(files, { assets, userFiles: userFiles(cwd) });
  expect(notices).toEqual([]);
  return (await readZip(bytes, file)).entries;
}

async function unpackedTo(folder: string, entries: readonly ArchiveEntry[]): Promise<string> {
  using disk = new DenoFiles(join(cwd, folder));
  for (const { path, bytes } of entries) await disk.write(path, bytes);
  return join(cwd, folder);
}

/** What must not depend on where a run was made. */
function contents(files: MemoryFiles): Record<string, string> {
  const texts = Object.entries(files.texts()).filter(([path]) => /^(tiny|trainings)\/|^curves\.csv$/.test(path));
  return withoutSeconds(Object.fromEntries(texts));
}

describe("the archive of a run, at the command line", () => {
  it("continues by config.yaml where the page left it, to the same files", async () => {
    const lines = whole.texts()[journal]!.split("\n");
    const cut = lines.findIndex((line) => line.includes('"event":"acquire"') && line.includes('"round":1')) + 2;
    const left = new MemoryFiles();
    const begun = lines.slice(0, cut).join("\n") + "\n";
    for (const path of Object.keys(whole.texts())) {
      const training = /^trainings\/(.*)\.json$/.exec(path)?.[1];
      if (path === "curves.csv" || (training !== undefined && !begun.includes(training))) continue;
      await left.write(path, path === journal ? new TextEncoder().encode(begun) : (await whole.read(path))!);
    }
    expect(Object.keys(contents(left)).length).toBeLessThan(Object.keys(contents(whole)).length);

    const folder = await unpackedTo("continued", await exported(left));
    expect(await call(folder, "run", "config.yaml", "--out", ".")).toMatch(/^continuing \. on /m);
    expect(contents(await loaded(folder))).toEqual(contents(whole));
    expect(await call(folder, "run", "config.yaml", "--out", ".")).toContain(". is finished already");
  });

  it("trains a successor by succeed.yaml on exactly what was labelled", async () => {
    const folder = await unpackedTo("succeeded", await exported(whole));
    await call(folder, "run", "succeed.yaml", ...training);
    const succeeded = (await loaded(join(folder, "runs/succeed"))).texts();
    // A training is named by all that it learns from: this is the one of the run's last round.
    const last = JSON.parse(whole.texts()[journal]!.trim().split("\n").at(-1)!);
    const events = succeeded["succeed/seed-0/journal.jsonl"]!.trim().split("\n").map((line) => JSON.parse(line));
    expect(events.at(-1)).toEqual({ ...last, round: 0 });
    expect(events.filter(({ event }) => event === "evaluate")).toHaveLength(1);
    expect(events.filter(({ event }) => event === "label")).toHaveLength(16);

    await call(
      folder,
      "run",
      "succeed.yaml",
      "successor_model.name=encoder-32",
      "training.max_length=8",
      "training.steps=2",
      "--out",
      "larger",
    );
    expect((await loaded(join(folder, "larger"))).texts()["curves.csv"]).toMatch(
      /\ntrain,encoder-32,encoder-32,random,one,random,0,accuracy,0\.\d+\n/,
    );
  });

  it("opens in the page with its data, and goes on from there at the command line", async () => {
    const page = new MemoryFiles();
    const entries = [...await exported(whole)].map(({ path, bytes }) => ({ path: `tiny/${path}`, bytes }));
    expect(await importRun(page, entries, "tiny.zip")).toEqual({ name: "tiny", known: false, notices: [] });
    expect(await page.list("data")).toEqual(["test.csv", "train.csv"]);
    const { bytes } = await exportRun(below(page, "runs/tiny"), { assets, userFiles: page });
    const folder = await unpackedTo("back", (await readZip(bytes, "tiny.zip")).entries);
    expect(await call(folder, "run", "config.yaml", "--out", ".")).toContain(". is finished already");
    writeFileSync(join(folder, "data/train.csv"), "id,text,label\n1,a,x\n2,b,y\n");
    const { code, stderr } = await callPupil(folder, "run", "config.yaml", "--out", ".");
    expect([code, stderr]).toEqual([2, expect.stringContaining("train")]);
  });
});
