/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { curves, eventually, focused, openTopics, place } from "./lab_steps.ts";
import { keptTexts } from "./open_page.ts";

let browser: Browser;
let served: ServedPage;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
  ({ page, troubles } = await openTopics(browser, served.url, place({ tab: "label", step: "5" })));
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const CARD = "label-view label-card div";
const progress = () => page.locator("label-card .progress").innerText();
const text = () => page.locator("label-card .text").innerText();
const press = (key: string) => page.keyboard.press(key);
const isAnswered = () => page.locator("label-card button.primary").count();
const hasBatch = (name: string, count: number) => eventually(progress).toBe(`${name}: 0 of ${count}`);
const labels = async () =>
  Object.entries(await keptTexts(page)).filter(([path]) => /^runs\/mine-.*\/self\/.*journal\.jsonl$/.test(path))
    .flatMap(([, lines]) => lines.split("\n").filter(Boolean).map((line) => JSON.parse(line)))
    .filter(({ event, by }) => event === "label" && by === "person");

/** Answers what is left of a batch, and has it learned. */
const finish = async () => {
  for (let left = 30; left > 0 && !await isAnswered(); left--) await press(String(1 + left % 3));
  await press("Enter");
};

describe("a person labels", () => {
  it("by keyboard alone, and never loses the focus on the way to a curve", async () => {
    const card = page.locator("label-card");
    await card.waitFor();
    await eventually(() => focused(page)).toBe(CARD);

    // From the top of the page.
    await page.locator(".skip").focus();
    const way = [await focused(page)];
    while (way.at(-1) !== CARD && way.length < 30) {
      await press("Tab");
      way.push(await focused(page));
    }
    expect(way.at(-1), way.join("\n")).toBe(CARD);
    await page.evaluate(() => {
      const counted = globalThis as unknown as { lost: number };
      counted.lost = 0;
      const watch = () => {
        if (document.activeElement === document.body) counted.lost++;
        requestAnimationFrame(watch);
      };
      watch();
    });

    const first = await text();
    await press("s");
    const second = await text();
    expect(second).not.toBe(first);
    await press("1");
    await eventually(progress).toBe("Warm start, random texts: 1 of 10");
    await press("u");
    expect(await text()).toBe(second);
    const pressed = () => card.locator("[aria-pressed=true] bdi").allInnerTexts();
    expect(await pressed(), "the answer stands until another is given").toEqual(["bills"]);
    await press("2");
    expect(await text()).not.toBe(second);
    await press("0");
    for (let left = 7; left > 0; left--) {
      expect(await text()).not.toBe(first);
      await press("3");
    }
    expect(await text(), "what was skipped comes last").toBe(first);
    await press("1");
    await eventually(progress).toBe("Warm start, random texts: 10 of 10");
    await press("Control+z");
    expect(await text()).toBe(first);
    await press("2");
    await card.getByText("Every text of this batch has an answer.").waitFor();
    await press("Enter");

    for (const round of [1, 2, 3, 4]) {
      await hasBatch(`Round ${round}`, 5);
      expect(await focused(page)).toBe(CARD);
      await finish();
    }
    await hasBatch("Round 5", 5);
    const { you, "random twin": twin } = await curves(page);
    expect(you).toHaveLength(5);
    expect(twin!.length).toBeGreaterThanOrEqual(4);
    expect(await page.evaluate(() => (globalThis as unknown as { lost: number }).lost)).toBe(0);

    const given = await labels();
    expect(new Set(given.map(({ id }) => id)).size).toBe(30);
    expect(given.filter(({ label }) => label === null)).toHaveLength(1);
    await page.getByText("29 labelled by you").waitFor();
    await page.getByText(/\d+ of 29 of your labels are those of the data set/).waitFor();
  });

  it("and keeps every answer over a reload in the middle of a batch", async () => {
    await press("1");
    await press("0");
    await eventually(progress).toBe("Round 5: 2 of 5");
    const [next, before, shown] = [await text(), await labels(), await curves(page)];
    await page.reload();
    await eventually(progress).toBe("Round 5: 2 of 5");
    expect(await text()).toBe(next);
    expect(await labels()).toEqual(before);
    expect((await curves(page)).you).toEqual(shown.you);
    await press("u");
    await press("2");
    await eventually(async () => (await labels()).length).toBe(before.length + 1);
    expect((await labels()).at(-1)).toMatchObject({ id: before.at(-1).id, label: "news" });
  });

  it("by hand as well, and begins again with no answer left", async () => {
    await page.getByRole("button", { name: "spam", exact: true }).click();
    await eventually(progress).toBe("Round 5: 3 of 5");
    await page.getByRole("button", { name: "Skip for now" }).click();
    await page.getByRole("button", { name: "Can't tell" }).click();
    await eventually(progress).toBe("Round 5: 4 of 5");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "bills", exact: true }).click();
    await page.getByRole("button", { name: "news", exact: true }).click();
    await page.getByRole("button", { name: "Learn from these" }).click();
    await hasBatch("Round 6", 5);
    const given = (await labels()).length;
    const dialog = page.getByRole("dialog", { name: "Begin again?" });
    await page.getByRole("button", { name: "Restart" }).click();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await focused(page), "where it was").toBe("label-view lab-controls button");
    expect(await labels()).toHaveLength(given);
    await page.getByRole("button", { name: "Restart" }).click();
    await dialog.getByRole("button", { name: "Restart" }).click();
    await hasBatch("Warm start, random texts", 10);
    expect(await labels()).toEqual([]);
    expect(await isAnswered()).toBe(0);
    await page.locator("label-card .card").focus();
    await finish();
    await hasBatch("Round 1", 5);
    expect(troubles).toEqual([]);
  });
});
