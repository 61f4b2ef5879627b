import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { build } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { curvesSvg } from "../../../web/data/curves_export.ts";
import { chromiumOptions } from "../../host/chromium.ts";
import { MemoryFiles } from "../../host/memory_files.ts";
import { serving } from "../../host/plain_page.ts";
import { fakeRun } from "../../report/fake_run.ts";

let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pupil-page-"));
  await build({
    input: { page: join(import.meta.dirname!, "page_entry.ts") },
    output: { dir: folder },
    logLevel: "silent",
  });
  // The page's own policy, as far as it concerns pictures and scripts.
  writeFileSync(
    join(folder, "page.html"),
    `<!doctype html><title>page</title><meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src 'self' data: blob:">` +
      `<body><script type="module" src="page.js"></script>`,
  );
  const run = join(folder, "topics");
  mkdirSync(join(run, "self/seed-0"), { recursive: true });
  mkdirSync(join(run, "trainings"));
  writeFileSync(join(run, "plan.json"), "{}");
  writeFileSync(join(run, "self/seed-0/journal.jsonl"), "письмо\n");
  for (let number = 0; number < 250; number++) writeFileSync(join(run, `trainings/${number}.json`), `${number}`);
  browser = await chromium.launch(chromiumOptions);
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function inPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  return serving(folder, async (url) => {
    const page = await browser.newPage();
    try {
      await page.goto(`${url}/page.html`);
      await page.waitForFunction("globalThis.pictureOf");
      return await use(page);
    } finally {
      await page.close();
    }
  });
}

const textsIn = async (page: Page): Promise<Record<string, string>> => {
  await page.waitForFunction("globalThis.texts");
  return await page.evaluate("globalThis.texts");
};

function expectRun(texts: Record<string, string>): void {
  expect(Object.keys(texts)).toHaveLength(252);
  expect(texts["topics/plan.json"]).toBe("{}");
  expect(texts["topics/self/seed-0/journal.jsonl"]).toBe("письмо\n");
  expect(texts["topics/trainings/249.json"]).toBe("249");
}

describe("a folder", () => {
  it("that is dropped is read whole, with its paths", () =>
    inPage(async (page) => {
      const session = await page.context().newCDPSession(page);
      const data = { items: [], files: [join(folder, "topics"), join(folder, "page.html")], dragOperationsMask: 1 };
      for (const type of ["dragEnter", "dragOver", "drop"] as const) {
        await session.send("Input.dispatchDragEvent", { type, x: 50, y: 50, data });
      }
      const { "page.html": html, ...run } = await textsIn(page);
      expect(html).toMatch(/^<!doctype html>/);
      expectRun(run);
    }));

  it("that is chosen is read whole, with its paths", () =>
    inPage(async (page) => {
      await page.setInputFiles("input", join(folder, "topics"));
      expectRun(await textsIn(page));
    }));
});

describe("a drawing as a picture", () => {
  const pictureOf = (page: Page, svg: string) => page.evaluate(`pictureOf(${JSON.stringify(svg)})`);

  it("has twice its size, and its colours", () =>
    inPage(async (page) => {
      const square =
        `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20" fill="#0a64c8"/></svg>`;
      expect(await pictureOf(page, square)).toEqual({
        type: "image/png",
        width: 60,
        height: 40,
        middle: [10, 100, 200, 255],
      });
      const svg = await curvesSvg(MemoryFiles.of(fakeRun()));
      expect(await pictureOf(page, svg)).toMatchObject({ type: "image/png", width: 1520, height: 880 });
    }));

  it("is refused in words where it is none", () =>
    inPage(async (page) => {
      await expect(pictureOf(page, "<p>")).rejects.toThrow("this browser cannot draw the picture. Save it as SVG");
    }));
});
