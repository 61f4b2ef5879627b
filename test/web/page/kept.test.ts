/// <reference lib="dom" />
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { answered, csvOf, finished, jsonlOf, keepTable, labelBatch, QUICK, topicRows } from "./kept_steps.ts";
import { focused } from "./lab_steps.ts";
import { keptTexts, openPage } from "./open_page.ts";
import { writeTinyBert } from "./tiny_bert.ts";

let browser: Browser;
let served: ServedPage;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});
afterEach(async () => {
  await page.context().close();
  expect(troubles).toEqual([]);
});

async function open(settings = QUICK): Promise<void> {
  ({ page, troubles } = await openPage(browser, `${served.url}#tab=data&${settings}`));
  await page.getByLabel("Choose a file").waitFor({ state: "attached" });
}

const rows = topicRows(40);
const keyOf = (text: string) => (text.includes("ball") ? "2" : "1");
const failed = () => page.locator("pupil-page [role=alert]");
const tab = (name: string) => page.getByRole("link", { name, exact: true }).click();
const setting = (key: string) => new URLSearchParams(new URL(page.url()).hash.slice(1)).get(key);

describe("who comes from the lab", () => {
  it("finds the run that goes on there", async () => {
    ({ page, troubles } = await openPage(browser, `${served.url}#${QUICK}`));
    // The engine has its library by then, and the view's code is not here yet.
    await page.locator("learning-curves tbody td").first().waitFor({ state: "attached", timeout: 60_000 });
    await tab("Data and runs");
    await page.getByRole("group", { name: /^mail-entropy/ }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

describe("texts of one's own", () => {
  it("with labels are watched in the lab, and gone once they are removed, while what is left goes on", async () => {
    await open();
    expect(await page.getByText("There is no run yet.").count()).toBe(1);
    await keepTable(page, { name: "t.csv", bytes: csvOf(rows) }, { title: "2024" });
    await page.getByRole("button", { name: "Watch in the lab: 2024" }).click();
    await finished(page);
    expect(await page.locator("select[name=data] option:checked").innerText()).toBe("2024");
    expect(await page.locator("learning-curves tbody tr").count()).toBe(3);

    await tab("Data and runs");
    await page.getByRole("group", { name: /^2024-entropy/ }).waitFor();
    await page.getByRole("button", { name: "Remove 2024" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Remove 2024" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Remove 2024" }).waitFor({ state: "detached" });
    expect(Object.keys(await keptTexts(page)).filter((path) => path.startsWith("data/"))).toEqual([]);
    await expect.poll(() => setting("data")).toBe("mail");

    // The run is still there; it cannot be continued, and says why.
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await failed().waitFor();
    expect(await failed().innerText()).toContain("data/2024.jsonl");
  });

  it("without labels get a curve: first what it is measured with, whatever is reloaded in between", async () => {
    await open();
    const texts = rows.map(({ text }) => ({ text }));
    await keepTable(page, { name: "t.jsonl", bytes: jsonlOf(texts) }, { title: "Own", classes: "food, sport" });
    await page.getByRole("button", { name: "Label: Own" }).click();
    const card = page.locator("label-card");
    await card.locator(".text").waitFor();
    for (let done = 0; done < 7; done++) {
      await page.keyboard.press(keyOf(await card.locator(".text").innerText()));
      await card.getByText(`${done + 1} of 20`).waitFor();
    }
    await page.reload();
    await card.getByText("7 of 20").waitFor();
    await labelBatch(page, keyOf);
    await card.getByText("0 of 10").waitFor();
    await labelBatch(page, keyOf);
    await page.locator("label-view learning-curves").locator("tbody tr").nth(1).waitFor({ state: "attached" });
    expect(await failed().count()).toBe(0);
    const kept = await keptTexts(page);
    expect(kept["data/Own.test.jsonl"]!.trim().split("\n")).toHaveLength(20);
    expect(kept["data/Own.pool.jsonl"]!.trim().split("\n")).toHaveLength(20);
  });

  it("are brought in by keyboard, whose place is kept", async () => {
    await open();
    const pasted = rows.map(({ text }) => text).join("\n");
    const box = page.locator("kept-view textarea");
    const press = async (button: string) => {
      await page.getByRole("button", { name: button, exact: true }).press("Enter");
      await answered(page);
    };
    await box.fill(pasted);
    await press("Look at the pasted text");
    await expect.poll(() => focused(page)).toBe("kept-view table-preview p");
    await press("Cancel");
    await expect.poll(() => focused(page)).toBe("kept-view h2");
    expect(await box.inputValue(), "nothing of it is lost").toBe(pasted);
    await press("Look at the pasted text");
    await page.getByLabel("Classes, separated").fill("food, sport");
    await press("Keep");
    await expect.poll(() => focused(page)).toBe("kept-view h2");
    expect(await box.inputValue()).toBe("");
    const remove = page.getByRole("button", { name: "Remove Pasted texts" });
    await remove.press("Enter");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await remove.evaluate((button) => button.matches(":focus")), "Cancel goes back").toBe(true);
    await remove.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).press("Enter");
    await remove.waitFor({ state: "detached" });
    await expect.poll(() => focused(page)).toBe("kept-view h2");
    expect(await page.locator("kept-view .said.any").count(), "what was said before is not said again").toBe(0);
  });

  it("of which some have labels are measured with those", async () => {
    await open();
    const some = rows.map(({ label, ...row }, index) => (index < 12 ? { ...row, label } : row));
    await keepTable(page, { name: "t.jsonl", bytes: jsonlOf(some) }, { title: "Some" });
    expect(await page.getByText("40 texts, 12 labelled").count()).toBeGreaterThan(0);
    expect(await page.getByRole("button", { name: "Watch in the lab" }).count()).toBe(0);
    await page.getByRole("button", { name: "Label: Some" }).click();
    await page.locator("label-card").getByText("0 of 10").waitFor();
    expect((await keptTexts(page))["data/Some.test.jsonl"]).toBe(jsonlOf(some.slice(0, 12)));
  });

  it("that were all declined ask for one label, and take it", async () => {
    await open();
    const texts = rows.slice(0, 12).map(({ text }) => ({ text }));
    await keepTable(page, { name: "t.jsonl", bytes: jsonlOf(texts) }, { title: "Few", classes: "food, sport" });
    await page.getByRole("button", { name: "Label: Few" }).click();
    await labelBatch(page, () => "0");
    await failed().getByText("no text has a label to measure with; every one was declined").waitFor();
  });
});

describe("a model of one's own", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pupil-model-"));
    writeTinyBert(join(folder, "tiny-bert"), ["the", "ball", "bread", "of", "day", "is", "here"]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is kept, trained, and removed", async () => {
    await open();
    await keepTable(page, { name: "t.csv", bytes: csvOf(rows) }, { title: "Topics" });
    const models = page.locator("section[aria-labelledby=models]");
    await models.locator("file-drop input").setInputFiles(join(folder, "tiny-bert"));
    await models.getByRole("button", { name: "Remove ./models/tiny-bert" }).waitFor();
    await page.getByRole("button", { name: "Watch in the lab: Topics" }).click();
    await page.locator("select[name=acquisition]").selectOption("./models/tiny-bert");
    await page.locator("learning-curves tbody tr").nth(1).waitFor({ state: "attached" });
    await page.locator("picks-list li").first().waitFor();
    expect(await failed().count()).toBe(0);

    await tab("Data and runs");
    await models.getByRole("button", { name: "Remove ./models/tiny-bert" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await models.getByRole("button", { name: "Remove" }).waitFor({ state: "detached" });
    await expect.poll(() => setting("acquisition")).toBe("encoder-32");
    await tab("Lab");
    await page.locator("select[name=acquisition] option:checked", { hasText: "encoder-32" }).waitFor({
      state: "attached",
    });
  });

  it("that lacks a file is refused", async () => {
    await open();
    for (
      const [file, message] of [
        [
          "config.json",
          "no model is in it, for it lacks config.json. Expected a folder with config.json, model.safet",
        ],
        ["model.safetensors", "there is no lacking/model.safetensors"],
        ["tokenizer.json", "there is no lacking/tokenizer.json"],
      ] as const
    ) {
      const lacking = join(folder, "lacking");
      writeTinyBert(lacking, ["the"]);
      await rm(join(lacking, file));
      await page.locator("section[aria-labelledby=models] file-drop input").setInputFiles(lacking);
      await page.locator("kept-view [role=alert]").getByText(message).waitFor();
    }
    expect(Object.keys(await keptTexts(page)).filter((path) => path.startsWith("models/"))).toEqual([]);
  });
});
