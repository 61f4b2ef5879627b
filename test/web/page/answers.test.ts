/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { eventually, openTopics, place, reaches } from "./lab_steps.ts";

let browser: Browser;
let served: ServedPage;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
  ({ page, troubles } = await openTopics(browser, served.url, place(), { reducedMotion: "no-preference" }));
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

interface Seen {
  seen: { readonly tasks: readonly number[]; readonly answers: readonly number[] };
}

const button = (name: string) => page.getByRole("button", { name, exact: true });
/** The view is that of the round which is looked at. */
const viewed = async () => {
  const [number] = /\d+/.exec(await page.locator("lab-view .rounds span").innerText())!;
  await eventually(() => page.locator("lab-view p.quiet").first().innerText()).toBe(`Round ${number}, by entropy`);
};

let seed = 0;

describe("while models train", () => {
  // Whatever else the machine does may delay anything once.
  it("nothing holds the page up, and it answers at once", { retry: 3 }, async () => {
    const settings = { successor: "encoder-64", acquisition: "encoder-32", seed: String(++seed) };
    await page.goto(served.url + place(settings));
    await reaches(page, 2);
    await page.evaluate(() => {
      const seen = (globalThis as unknown as Seen).seen = { tasks: [] as number[], answers: [] as number[] };
      const into = (durations: number[]) => (list: PerformanceObserverEntryList) =>
        durations.push(...list.getEntries().map(({ duration }) => duration));
      new PerformanceObserver(into(seen.tasks)).observe({ type: "longtask" });
      new PerformanceObserver(into(seen.answers)).observe({ type: "event", durationThreshold: 16 } as never);
    });
    for (let turn = 0; turn < 3; turn++) {
      await button("Earlier round").click();
      await viewed();
      await page.locator("picks-list .pick").nth(turn).click();
      await page.locator("example-card").waitFor();
      await page.locator("learning-curves summary").click();
      await page.getByRole("combobox", { name: "Colour by" }).selectOption(turn % 2 ? "margin" : "entropy");
      await button("Later round").click();
      await viewed();
    }
    expect(await page.locator("status-line .phase").innerText()).toBe("Running");
    // Entries come a frame later.
    await page.waitForTimeout(200);
    const { tasks, answers } = await page.evaluate(() => (globalThis as unknown as Seen).seen);
    expect(answers.length, "else it proves nothing").toBeGreaterThan(0);
    expect(Math.max(0, ...tasks), "milliseconds of the longest task").toBeLessThan(200);
    // To the next frame, which a software compositor paints; durations are told in steps of eight.
    expect(Math.max(0, ...answers), "milliseconds from a key or click to what it changes").toBeLessThanOrEqual(104);
    expect(troubles).toEqual([]);
  });
});
