/// <reference lib="dom" />
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readZip } from "../../../web/data/zip/read_zip.ts";
import { writeZip } from "../../../web/data/zip/write_zip.ts";
import { callPupil } from "../../cli/call_pupil.ts";
import { writeTinyPlan } from "../../cli/topic_files.ts";
import { withoutSeconds } from "../../experiment/stub_plan.ts";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { answered, bringRun, csvOf, finished, keepTable, QUICK, savedBy, topicRows } from "./kept_steps.ts";
import { keptTexts, openPage } from "./open_page.ts";

let browser: Browser;
let served: ServedPage;
let page: Page;
let troubles: string[];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pupil-export-"));
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
  ({ page, troubles } = await openPage(browser, `${served.url}#tab=data&${QUICK}`));
  await page.getByLabel("Choose a file").waitFor({ state: "attached" });
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
  rmSync(folder, { recursive: true });
});

type Texts = Readonly<Record<string, string>>;

/** The files of a kept run. */
async function runTexts(): Promise<Texts> {
  const kept = Object.entries(await keptTexts(page)).filter(([path]) => path.startsWith("runs/"));
  return withoutSeconds(Object.fromEntries(kept.map(([path, text]) => [path.split("/").slice(2).join("/"), text])));
}

type Entries = Awaited<ReturnType<typeof readZip>>["entries"];

async function unzipped(bytes: Uint8Array): Promise<Entries> {
  return (await readZip(bytes, "run.zip")).entries;
}

function textsOf(entries: Entries): Texts {
  return Object.fromEntries(entries.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));
}

function unpackedTo(name: string, entries: Entries): string {
  for (const { path, bytes } of entries) {
    Deno.mkdirSync(join(folder, name, dirname(path)), { recursive: true });
    Deno.writeFileSync(join(folder, name, path), bytes);
  }
  return join(folder, name);
}

/** The lines of a journal up to its last evaluation. */
function upToEvaluation(bytes: Uint8Array): Uint8Array {
  const lines = new TextDecoder().decode(bytes).split("\n");
  const last = lines.findLastIndex((line) => line.includes('"event":"evaluate"'));
  return new TextEncoder().encode(lines.slice(0, last + 1).join("\n") + "\n");
}

const tab = (name: string) => page.getByRole("link", { name, exact: true }).click();

/** One run of the page: held after a round and saved, then gone on with to its end. */
describe("a run of the page", () => {
  let held: Uint8Array;
  let whole: Texts;

  beforeAll(async () => {
    await keepTable(page, { name: "t.csv", bytes: csvOf(topicRows(40)) }, { title: "Topics" });
    await page.getByRole("button", { name: "Watch in the lab: Topics" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "One round" }).click();
    await page.locator("learning-curves tbody tr").nth(0).waitFor({ state: "attached" });
    await page.locator("status-line .phase", { hasText: "Paused" }).waitFor();
    await tab("Data and runs");
    held = (await savedBy(page, "Whole run (zip)")).bytes;
    await tab("Lab");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await finished(page);
    whole = await runTexts();
    await tab("Data and runs");
    await page.getByRole("button", { name: "Whole run (zip)" }).waitFor();
  });

  it("is saved whole, with its data and two configs", async () => {
    const { name, bytes } = await savedBy(page, "Whole run (zip)");
    expect(name).toMatch(/^Topics-entropy-s0-[0-9a-f]{6}\.zip$/);
    const texts = textsOf(await unzipped(bytes));
    expect(Object.keys(texts)).toEqual(expect.arrayContaining(
      [
        "README.txt",
        "config.yaml",
        "curves.csv",
        "data/Topics.jsonl",
        "labels.jsonl",
        "plan.json",
        "succeed.yaml",
        "test.jsonl",
      ],
    ));
    for (const [path, text] of Object.entries(whole)) expect(withoutSeconds({ path: texts[path]! }).path).toBe(text);
  });

  it("gives its labels and curves", async () => {
    const labels = new TextDecoder().decode((await savedBy(page, "Labels (JSONL)")).bytes).trim().split("\n");
    expect(labels).toHaveLength(24);
    expect(JSON.parse(labels[0]!)).toEqual({
      id: expect.stringMatching(/^t\d+$/),
      text: expect.any(String),
      label: expect.any(String),
      by: "gold",
      at: null,
    });
    const csv = new TextDecoder().decode((await savedBy(page, "Curves (CSV)")).bytes);
    expect(csv).toBe(whole["curves.csv"]);
    expect(csv.trim().split("\n")).toHaveLength(3);
    const svg = new TextDecoder().decode((await savedBy(page, "Curves (SVG)")).bytes);
    expect(svg).toMatch(/^<svg[^]*<\/svg>\s*$/);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!;
    const png = (await savedBy(page, "Curves (PNG)")).bytes;
    expect([...png.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const header = new DataView(png.buffer, png.byteOffset);
    expect([header.getUint32(16), header.getUint32(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
  });

  it("trains a successor at the command line", async () => {
    const at = unpackedTo("succeeded", await unzipped((await savedBy(page, "Whole run (zip)")).bytes));
    const { code, stderr } = await callPupil(at, "run", "succeed.yaml", "training.steps=3", "training.max_length=8");
    expect(code, stderr).toBe(0);
    expect(Deno.readTextFileSync(join(at, "runs/succeed/curves.csv"))).toMatch(
      /\nTopics,bag-64,bag-64,random,one,random,0,macro_f1,[01][.\d]*\n$/,
    );
  });

  it("comes back after all was cleared, and goes on as if nothing had happened", async () => {
    await page.getByRole("button", { name: "Clear everything" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("There is no run yet.").waitFor();
    const left = Object.keys(await keptTexts(page)).filter((path) => path !== "computers.json");
    expect(left).toEqual([]);
    await bringRun(page, "run.zip", held);
    await page.locator("kept-view .said", { hasText: "has been brought in" }).waitFor();
    await page.getByRole("button", { name: "Watch in the lab: Topics" }).waitFor();
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await finished(page);
    expect(await runTexts()).toEqual(whole);
    await tab("Data and runs");
    await bringRun(page, "run.zip", (await savedBy(page, "Whole run (zip)")).bytes);
    await page.locator("kept-view .said", { hasText: "was here already" }).waitFor();
  });

  it("is not gone on with by another adapter where that would mix their digits, and nothing of it changes", async () => {
    // Up to an evaluation: the model that picks next has to be trained again, for nobody keeps its weights.
    const entries = (await unzipped(held)).map(({ path, bytes }) =>
      path === "self/seed-0/journal.jsonl" ? { path, bytes: upToEvaluation(bytes) } : { path, bytes }
    );
    const at = unpackedTo("continued", entries);
    const { code, stderr } = await callPupil(at, "run", "config.yaml", "--out", ".");
    expect(code, stderr).toBe(1);
    expect(stderr).toContain(
      "Go on where it was begun, or begin it again: with another --out, or by Restart in the page",
    );
    for (const [path, text] of Object.entries(textsOf(entries))) {
      if (path.endsWith("journal.jsonl")) expect(Deno.readTextFileSync(join(at, path)).startsWith(text)).toBe(true);
    }
  });
});

describe("a run of the command line", () => {
  const journal = "tiny/seed-0/journal.jsonl";
  let files: Map<string, Uint8Array>;

  beforeAll(async () => {
    writeTinyPlan(folder);
    const { code, stderr } = await callPupil(folder, "run", "tiny.yaml", "--out", "whole");
    expect(code, stderr).toBe(0);
    const whole = join(folder, "whole");
    const trainings = [...Deno.readDirSync(join(whole, "trainings"))].map(({ name }) => `trainings/${name}`);
    const paths = ["plan.json", "curves.csv", journal, "tiny/seed-0/scores-1.bin", ...trainings];
    files = new Map(paths.map((path) => [path, Deno.readFileSync(join(whole, path))]));
    for (const file of ["train.csv", "test.csv"]) files.set(file, Deno.readFileSync(join(folder, file)));
  });

  const zipOf = (files: ReadonlyMap<string, Uint8Array>) =>
    writeZip([...files].map(([path, bytes]) => ({ path, bytes })));
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const open = (run: string) =>
    page.getByRole("group", { name: run, exact: true }).getByRole("button", { name: "Open" }).click();

  it("is seen in the page at its curves", async () => {
    await bringRun(page, "tiny.zip", await zipOf(files));
    await page.locator("kept-view .said", { hasText: /tiny. has been brought in/ }).waitFor();
    await open("tiny");
    await finished(page);
    expect(await page.locator("learning-curves tbody tr").count()).toBe(2);
    await page.getByText(/begun on .*llvmpipe/).waitFor();
    expect(troubles).toEqual([]);
  });

  it("that was interrupted says in the page why it cannot go on there", async () => {
    await tab("Data and runs");
    const lines = new TextDecoder().decode(files.get(journal)).split("\n");
    const cut = bytesOf(
      lines.slice(0, 1 + lines.findIndex((line) => line.includes('"event":"evaluate"'))).join("\n") + "\n",
    );
    const { training } = JSON.parse(lines.find((line) => line.includes('"event":"evaluate"'))!);
    const record = JSON.parse(new TextDecoder().decode(files.get(`trainings/${training}.json`)));
    // As far from the page's as another adapter may be, and certainly not the same.
    const elsewhere = { ...record, losses: record.losses.map((loss: number) => loss + 1e-6) };
    const begun = new Map(files);
    for (const path of ["curves.csv", "tiny/seed-0/scores-1.bin"]) begun.delete(path);
    begun.set(journal, cut).set(`trainings/${training}.json`, bytesOf(JSON.stringify(elsewhere)));
    await bringRun(page, "cut.zip", await zipOf(begun));
    await page.locator("kept-view .said", { hasText: /tiny-2. has been brought in/ }).waitFor();
    await open("tiny-2");
    await page.locator("pupil-page [role=alert]").getByText("Go on where it was begun").waitFor();
    expect((await keptTexts(page))[`runs/tiny-2/${journal}`]).toBe(new TextDecoder().decode(cut));
    const [first, second] = await page.locator("learning-curves tbody tr").allTextContents();
    expect(first).toMatch(/0\.\d+/);
    expect(second).not.toMatch(/0\.\d+/);
  });

  it("that is none is refused", async () => {
    await tab("Data and runs");
    for (
      const [bytes, message] of [
        [bytesOf("no zip"), "bad.zip"],
        [
          await zipOf(new Map([["a.txt", bytesOf("a")]])),
          "bad.zip: no run directory is in it, for there is no plan.json",
        ],
        [await zipOf(new Map(files).set(journal, bytesOf("{}\n"))), journal],
      ] as const
    ) {
      await bringRun(page, "bad.zip", bytes);
      await answered(page);
      await page.locator("kept-view [role=alert]").getByText(message).waitFor();
    }
  });
});
