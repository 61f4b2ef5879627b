/// <reference lib="dom" />
import type { Browser, BrowserContextOptions, Page } from "playwright";
import { expect } from "vitest";
import { jsonLines, topicRows } from "../../experiment/stub_plan.ts";
import { type OpenedPage, troublesOf, usual } from "./open_page.ts";

/** Little data and models that train in moments, on the computer that starts in moments: where learning is not the point. */
const quick = { data: "topics", successor: "bag-64", acquisition: "bag-64", computer: "wasm" };

/** A fragment of an address. */
export function place(changes: Readonly<Record<string, string>> = {}): string {
  return `#${new URLSearchParams({ ...quick, ...changes })}`;
}

const rows = topicRows("train", 300);
const topics = {
  "topics.jsonl": jsonLines(rows),
  "topics.json": JSON.stringify({
    name: "topics",
    title: "Topics",
    rows: rows.length,
    labelled: rows.length,
    classes: ["bills", "news", "spam"].map((name) => ({
      name,
      count: rows.filter(({ label }) => label === name).length,
    })),
    longest: Math.max(...rows.map(({ text }) => text.length)),
    added: "2026-01-02T03:04:05.000Z",
  }),
};

/** Opens the built page where the data set "topics" has been kept. */
export async function openTopics(
  browser: Browser,
  url: string,
  fragment: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ ...usual, ...options });
  const page = await context.newPage();
  // A file of the same origin that starts nothing.
  await page.goto(`${url}licences.txt`);
  await page.evaluate(async (files) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("data", { create: true });
    for (const [name, text] of Object.entries(files)) {
      const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await stream.write(text);
      await stream.close();
    }
  }, topics);
  const troubles = troublesOf(page, new URL(url).origin);
  await page.goto(url + fragment);
  return { page, troubles };
}

/** Waits for what the engine may take a while for, also where the machine is busy: for so many milliseconds. */
export function eventually<T>(what: () => T | Promise<T>, timeout = 60_000): ReturnType<typeof expect.poll<T>> {
  return expect.poll(what, { timeout });
}

/** The scores of each curve of this seed that shows, from the table beside the chart. */
export function curves(page: Page): Promise<Record<string, string[]>> {
  return page.locator("learning-curves").evaluate((chart) => {
    const table = chart.shadowRoot!.querySelector("table");
    const texts = (cells: NodeListOf<Element>) => [...cells].map((cell) => cell.textContent.trim());
    const names = table ? texts(table.querySelectorAll("thead th")).slice(1) : [];
    const rows = table ? [...table.querySelectorAll("tbody tr")].map((row) => texts(row.querySelectorAll("td"))) : [];
    return Object.fromEntries(
      names.map((name, column) => [name, rows.map((row) => row[column]!).filter((score) => /^\d/.test(score))] as const)
        .filter(([name]) => !/, seed \d+$/.test(name)),
    );
  });
}

/** Waits until every curve that shows, and there are so many, has so many points. */
export async function reaches(page: Page, points: number, series = 2, timeout?: number): Promise<void> {
  await eventually(async () => {
    // One without a point is there where another seed has some.
    const lengths = Object.values(await curves(page)).flatMap(({ length }) => length || []);
    return lengths.length >= series ? Math.min(...lengths) : 0;
  }, timeout).toBeGreaterThanOrEqual(points);
}

/** What has the focus, from the page inwards: `label-view label-card div`. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const names: string[] = [];
    for (let at = document.activeElement; at; at = at.shadowRoot?.activeElement ?? null) names.push(at.localName);
    return names.slice(1).join(" ");
  });
}
