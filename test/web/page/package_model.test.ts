/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { openTopics, place, reaches } from "./lab_steps.ts";

let browser: Browser;
let served: ServedPage;
beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const packages = /\/project\/packages\//;

async function opened(): Promise<{ page: Page; troubles: string[]; asked: string[] }> {
  const { page, troubles } = await openTopics(browser, served.url, place());
  const asked: string[] = [];
  page.context().on("request", (request) => packages.test(request.url()) && asked.push(request.url()));
  return { page, troubles, asked };
}

describe("a model that comes in a package", () => {
  it("is fetched once it is chosen, and says so; its run goes on as any other", async () => {
    const { page, troubles, asked } = await opened();
    await reaches(page, 1);
    expect(asked).toEqual([]);
    await page.locator("lab-controls [name=successor]").selectOption("use-lite-en");
    await page.getByText(/Preparing use-lite-en … The first time, 28 MB are fetched/).waitFor();
    await reaches(page, 1);
    expect(asked.length).toBeGreaterThan(8);
    const script = await page.evaluate(async () => await (await fetch("service_worker.js")).text());
    expect(script).toContain("project/files.json");
    expect(script).not.toContain("group1-shard1of7");
    expect(troubles).toEqual([]);
  });
});
