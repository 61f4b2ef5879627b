import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { build } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { serving } from "../../host/plain_page.ts";

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pupil-storage-"));
  await build({
    input: { opfs_worker: join(import.meta.dirname!, "opfs_worker.ts") },
    output: { dir: folder },
    logLevel: "silent",
  });
  writeFileSync(join(folder, "page.html"), "<!doctype html><title>page</title>");
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Runs in the page: calls the Worker as comlink does, one call after the other; gives values, and messages of errors. */
async function callAll(calls: readonly Call[]): Promise<unknown[]> {
  const worker = new Worker("opfs_worker.js", { type: "module" });
  const answers: unknown[] = [];
  for (const [index, { method, args }] of calls.entries()) {
    const answer = new Promise<MessageEvent>((resolve) => worker.onmessage = resolve);
    const argumentList = args.map((value) => ({ type: "RAW", value }));
    worker.postMessage({ id: String(index), type: "APPLY", path: [method], argumentList });
    const { value } = (await answer).data;
    answers.push(value?.isError ? value.value.message : value?.value ?? value);
  }
  worker.terminate();
  return answers;
}

describe("a storage that is full", () => {
  // A window that keeps nothing has no limit, so this one has a profile.
  it("is said in words, and what was there stays whole", () =>
    serving(folder, async (url) => {
      const context = await chromium.launchPersistentContext(join(folder, "profile"), chromiumOptions);
      try {
        const page = await context.newPage();
        await page.goto(`${url}/page.html`);
        const session = await context.newCDPSession(page);
        await session.send("Storage.overrideQuotaForOrigin", { origin: url, quotaSize: 4 << 20 });
        const long = 16 << 20;
        const answers = await page.evaluate(callAll, [
          { method: "write", args: ["runs/a/plan.json", "old"] },
          { method: "append", args: ["runs/a/journal.jsonl", "1\n"] },
          { method: "writeLong", args: ["runs/a/plan.json", long] },
          { method: "appendLong", args: ["runs/a/journal.jsonl", long] },
          { method: "read", args: ["runs/a/plan.json"] },
          { method: "read", args: ["runs/a/journal.jsonl"] },
          { method: "append", args: ["runs/a/journal.jsonl", "2\n"] },
          { method: "read", args: ["runs/a/journal.jsonl"] },
          { method: "names", args: ["runs/a"] },
        ]);
        const full = (path: string) =>
          `the browser's storage is full: ${path} could not be written\n` +
          "Export what you want to keep, then remove runs or data that you no longer need";
        expect(answers.slice(2)).toEqual([
          full("runs/a/plan.json"),
          full("runs/a/journal.jsonl"),
          "old",
          "1\n",
          undefined,
          "1\n2\n",
          ["journal.jsonl", "plan.json"],
        ]);
      } finally {
        await context.close();
      }
    }));
});
