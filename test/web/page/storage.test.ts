/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { chooseTable, csvOf, finished, jsonlOf, keepTable, QUICK, topicRows } from "./kept_steps.ts";
import { keptTexts, openPage } from "./open_page.ts";

let browser: Browser;
let served: ServedPage;
let page: Page;

beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});
beforeEach(async () => {
  ({ page } = await openPage(browser, `${served.url}#tab=data&${QUICK}`));
  await page.getByLabel("Choose a file").waitFor({ state: "attached" });
});
afterEach(() => page.context().close());

/** Leaves the page so many bytes beside what it keeps already; undefined for as many as the browser gives. */
async function leave(bytes: number | undefined): Promise<void> {
  const { usage } = await page.evaluate(() => navigator.storage.estimate());
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", {
    origin: new URL(served.url).origin,
    ...(bytes === undefined ? {} : { quotaSize: usage! + bytes }),
  });
}

const FULL = "the browser's storage is full";
const kept = async (prefix: string) => Object.keys(await keptTexts(page)).filter((path) => path.startsWith(prefix));

describe("storage", () => {
  it("that is full while texts are kept says so, keeps nothing by halves, and takes them once there is room", async () => {
    await leave(10_000);
    const texts = topicRows(40).map((row) => ({ ...row, text: row.text.padEnd(5000) }));
    await chooseTable(page, { name: "large.jsonl", bytes: jsonlOf(texts) });
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.locator("kept-view [role=alert]").getByText(FULL).waitFor();
    expect(await page.locator("kept-view [role=alert]").innerText()).toContain(
      "remove runs or data that you no longer need",
    );
    expect(await kept("data/")).toEqual([]);
    await leave(undefined);
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByRole("button", { name: "Remove large" }).waitFor();
    expect(await page.locator("kept-view [role=alert]").count()).toBe(0);
  });

  it("that fills up while a run goes on says so once, and the run goes on once there is room", async () => {
    await keepTable(page, { name: "t.csv", bytes: csvOf(topicRows(40)) }, { title: "Topics" });
    await keepTable(page, { name: "t.csv", bytes: csvOf(topicRows(60)) }, { title: "Other" });
    await leave(3000);
    await page.getByRole("button", { name: "Watch in the lab: Topics" }).click();
    const failed = page.locator("pupil-page [role=alert]");
    await failed.getByText(FULL).waitFor();
    expect(await failed.count()).toBe(1);
    await page.getByRole("link", { name: "Data and runs", exact: true }).click();
    await page.getByText(/used of/).waitFor();
    await page.getByRole("button", { name: "Remove Other" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Remove Other" }).waitFor({ state: "detached" });
    await leave(undefined);
    await page.getByRole("link", { name: "Lab", exact: true }).click();
    await finished(page);
    expect(await failed.count()).toBe(0);
    const [, journal] = Object.entries(await keptTexts(page)).find(([path]) =>
      path.endsWith("self/seed-0/journal.jsonl")
    )!;
    for (const line of journal.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  });

  it("is shown as it grows, and cleared", async () => {
    const used = async () => (await page.getByText(/used of/).innerText()).split(" used")[0]!;
    const none = await used();
    await keepTable(page, { name: "t.jsonl", bytes: jsonlOf(topicRows(4000)) }, { title: "Many" });
    await expect.poll(used).not.toBe(none);
    await page.getByRole("button", { name: "Clear everything" }).click();
    await page.getByRole("dialog").getByText("Remove all runs, labels, data and models").waitFor();
    await page.keyboard.press("Escape");
    expect(await kept("data/")).toHaveLength(2);
    await page.getByRole("button", { name: "Clear everything" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Remove Many" }).waitFor({ state: "detached" });
    expect(await kept("data/")).toEqual([]);
  });
});
