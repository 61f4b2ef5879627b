/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { curves, eventually, focused, openTopics, place, reaches } from "./lab_steps.ts";
import { keptTexts } from "./open_page.ts";

let browser: Browser;
let served: ServedPage;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
  ({ page, troubles } = await openTopics(browser, served.url, place()));
});
afterEach(() => expect(troubles).toEqual([]));
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

let seed = 0;
/** Another run of the lab. */
const open = async (changes: Readonly<Record<string, string>> = {}) => {
  await page.goto(served.url + place({ seed: String(++seed), ...changes }));
};
const button = (name: string) => page.getByRole("button", { name, exact: true });
const isLive = async (name: string) => await button(name).getAttribute("aria-disabled") === "false";
const phase = () => page.locator("status-line .phase").innerText();
const settings = () => new URLSearchParams(new URL(page.url()).hash.slice(1));
const select = (name: string) => page.locator(`lab-controls [name=${name}]`);
const round = () => page.locator("lab-view .rounds span").innerText();
const texts = () => page.locator("picks-list .excerpt").allInnerTexts();
/** The view is that of the round which is looked at. */
const viewed = async () => {
  const number = /\d+/.exec(await round())![0];
  await eventually(() => page.locator("lab-view p.quiet").first().innerText()).toBe(`Round ${number}, by entropy`);
};
const hasPicks = () => page.locator("picks-list .pick").first().waitFor();

describe("the lab", () => {
  beforeEach(() => open());

  it("runs when it opens, and is held, stepped and begun again", async () => {
    // Few rounds, to come to the end.
    await open({ step: "48" });
    await reaches(page, 1);
    await button("Pause").click();
    await eventually(phase).toBe("Paused");
    expect(await focused(page)).toBe("lab-view lab-controls button");
    const held = await curves(page);
    const least = (of: typeof held) => Math.min(...Object.values(of).map(({ length }) => length));
    await button("One round").click();
    await eventually(async () => least(await curves(page))).toBe(least(held) + 1);
    await eventually(phase).toBe("Paused");
    expect(await focused(page), "the button is dead for a while, and keeps the focus").toBe(
      "lab-view lab-controls button",
    );
    await button("Run").click();
    await reaches(page, 4);
    await eventually(phase).toBe("Finished");
    expect([await isLive("Run"), await isLive("One round"), await isLive("Restart")]).toEqual([false, false, true]);
    const first = await curves(page);
    await button("Restart").click();
    await eventually(async () => least(await curves(page))).toBeLessThan(4);
    await reaches(page, 4);
    expect(await curves(page), "the same settings").toEqual(first);
  });

  it("takes other settings, and says them in the address", async () => {
    await hasPicks();
    await page.getByLabel("Seed").fill("7");
    await page.getByLabel("Seed").press("Enter");
    await eventually(() => settings().get("seed")).toBe("7");
    await page.getByLabel("Labels a round").fill("12");
    await page.getByLabel("Labels a round").press("Tab");
    await eventually(() => settings().get("step")).toBe("12");
    expect(await page.getByLabel("Labels a round").inputValue()).toBe("12");
    for (const wrong of ["0", "", "1.5"]) {
      await page.getByLabel("Labels a round").fill(wrong);
      await page.getByLabel("Labels a round").press("Enter");
      expect(await page.getByLabel("Labels a round").inputValue(), `not '${wrong}'`).toBe("12");
    }
    expect(await select("data").locator("option").allInnerTexts()).toEqual(["mail", "Topics"]);
    await select("successor").selectOption("encoder-64");
    expect(await select("acquisition").inputValue(), "which picks is another choice").toBe("bag-64");
    await select("successor").selectOption("bag-64");
    await hasPicks();
    expect(await page.locator("picks-list .pick").count()).toBe(10);
    await page.getByRole("button", { name: "2 more" }).click();
    expect(await page.locator("picks-list .pick").count()).toBe(12);
    expect(await focused(page)).toBe("lab-view picks-list button");
    expect(Object.fromEntries(settings())).toEqual({
      data: "topics",
      successor: "bag-64",
      acquisition: "bag-64",
      strategy: "entropy",
      seed: "7",
      step: "12",
      oracle: "gold",
      computer: "wasm",
    });
  });

  it("shows at once how another strategy's picks differ", async () => {
    await hasPicks();
    await button("Pause").click();
    await eventually(phase).toBe("Paused");
    const before = await texts();
    await select("strategy").selectOption("lc");
    // Before anything has been learned under it.
    await page.getByText(/least confidence would pick \d+ of the same 20 as entropy/).waitFor();
    await page.getByText(/picked by least confidence/).waitFor();
    expect(await texts()).not.toEqual([]);
    expect(before).not.toEqual([]);
    await reaches(page, 2);
  });

  it("walks through the rounds, and opens a pick", async () => {
    await reaches(page, 4);
    await button("Pause").click();
    await eventually(phase).toBe("Paused");
    const last = await round();
    await button("Earlier round").click();
    await eventually(round).not.toBe(last);
    const earlier = settings().get("round")!;
    expect(await round()).toContain(`Round ${earlier} of`);
    await eventually(() => page.locator("lab-view p.quiet").first().innerText()).toBe(`Round ${earlier}, by entropy`);
    await button("Later round").click();
    await eventually(round).toBe(last);
    expect(settings().has("round"), "the latest round is followed").toBe(false);
    await viewed();

    const pick = page.locator("picks-list .pick").nth(2);
    const excerpt = await pick.locator(".excerpt").innerText();
    await pick.click();
    const card = page.locator("example-card");
    const squeezed = (text: string) => text.replace(/\s+/g, " ");
    expect(squeezed(await card.locator(".text").innerText())).toContain(squeezed(excerpt).slice(0, 40));
    const shares = await card.locator("probability-bars .number").allInnerTexts();
    expect(shares.map(Number).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 1);
    await card.getByText(/true class: (bills|news|spam)/).waitFor();
    await page.getByRole("combobox", { name: "Colour by" }).selectOption("margin");
    await page.locator("pool-scatter .legend").getByText("margin").waitFor();
    await pick.click();
    await eventually(() => card.count()).toBe(0);
  });

  it("stays at the round of a pick that is read, and goes on once it is closed", async () => {
    await hasPicks();
    const first = page.locator("picks-list .pick").first();
    await first.click();
    await page.locator("example-card").waitFor();
    const read = await round();
    await reaches(page, 4);
    expect([await round(), await page.locator("example-card").count()]).toEqual([read, 1]);
    // The round of the next picks may have come while the first one was opened.
    const alone = button("Close");
    await (await alone.count() > 0 ? alone : first).click();
    await eventually(round).not.toBe(read);
  });

  it("has its scatter walked by keys, and opens what is there", async () => {
    await reaches(page, 2);
    await button("Pause").click();
    await eventually(phase).toBe("Paused");
    await page.locator("pool-scatter .plane").focus();
    await page.keyboard.press("p");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.locator("example-card").waitFor();
    await page.keyboard.press("+");
    await page.keyboard.press("0");
    expect(await focused(page)).toBe("lab-view pool-scatter div");
    const close = button("Close");
    if (await close.count() > 0) {
      await close.press("Enter");
      expect(await focused(page)).toBe("lab-view picks-list button");
    }
  });

  it("speaks Russian, in dark colours, now and the next time", async () => {
    await page.getByLabel("Language").selectOption("ru");
    await page.getByLabel("Цвета").selectOption("dark");
    await page.getByRole("heading", { name: "Кривые обучения" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Кривые обучения" }).waitFor();
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme])).toEqual(
      ["ru", "dark"],
    );
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(18, 21, 24)");
    await page.locator("pool-scatter .legend").getByText("выбор: энтропия").waitFor();
    await page.getByLabel("Цвета").selectOption("light");
    await page.getByLabel("Язык").selectOption("en");
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(246, 246, 243)");
  });
});

describe("the lab's REU", () => {
  it("comes with self-selection, and its areas are lit", async () => {
    // A plan that no other seed has been run under.
    await open({ acquisition: "encoder-32", step: "30" });
    const card = page.locator("reu-card");
    await card.getByText("Add self-selection for it").waitFor();
    await reaches(page, 1);
    await button("Add self-selection").click();
    await eventually(() => button("Add self-selection").count()).toBe(0);
    expect(await focused(page), "not lost with the button").toBe("lab-view reu-card p");
    await reaches(page, 2, 3);
    await card.getByText(/^REU (-?\d|—)/).waitFor();
    await card.getByText("one seed").waitFor();
    await page.getByLabel("own − random").check();
    await page.locator("learning-curves .notes").getByText(/Filled: .*its own picks/).waitFor();
    await page.getByLabel("nothing", { exact: true }).check();
    await eventually(() => page.locator("learning-curves .notes").count()).toBe(0);
    await select("acquisition").selectOption("bag-64");
    await card.getByText("Here the successor picks for itself").waitFor();
  });
});

describe("a reload in the middle of a round", () => {
  it("continues the same curve, and leaves what was recorded", async () => {
    await open({ acquisition: "encoder-32", step: "24" });
    await reaches(page, 2);
    const before = await curves(page);
    const journals = async () =>
      Object.entries(await keptTexts(page)).filter(([path]) => path.endsWith(`/seed-${seed}/journal.jsonl`)).sort();
    // The encoder trains for longer than this takes.
    await page.locator("status-line").getByText(/encoder-32 trains/).waitFor();
    const recorded = await journals();
    await page.reload();
    await reaches(page, 3);
    const after = await curves(page);
    for (const [name, scores] of Object.entries(before)) expect(after[name]!.slice(0, scores.length)).toEqual(scores);
    const later = new Map(await journals());
    expect(recorded).toHaveLength(2);
    for (const [path, text] of recorded) {
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      expect(later.get(path)!.startsWith(whole), path).toBe(true);
    }
  });
});

describe("a link", () => {
  it("reproduces settings and round, and the back button goes back", async () => {
    await open();
    await reaches(page, 3);
    await button("Pause").click();
    await eventually(phase).toBe("Paused");
    await button("Earlier round").click();
    await button("Earlier round").click();
    await eventually(() => page.locator("lab-view p.quiet").first().innerText()).toMatch(/^Round \d+, by entropy$/);
    await eventually(texts).not.toContainEqual(expect.stringMatching(/^train-/));
    const [link, shown, picked] = [page.url(), await round(), await texts()];
    await select("strategy").selectOption("margin");
    await reaches(page, 2);
    await page.getByRole("link", { name: "You are the oracle" }).click();
    await page.locator("label-card").waitFor();
    await eventually(() => focused(page), 5_000).toBe("label-view label-card div");
    expect(settings().get("oracle")).toBe("person");
    expect(await page.getByRole("link", { name: "You are the oracle" }).getAttribute("aria-current")).toBe("page");
    await page.goBack();
    await eventually(() => select("strategy").inputValue()).toBe("margin");
    await page.goBack();
    await eventually(() => select("strategy").inputValue()).toBe("entropy");
    expect(page.url()).toBe(link);
    await eventually(round).toBe(shown);

    // In another tab, once this one has left it.
    await page.close();
    page = await page.context().newPage();
    await page.goto(link);
    await eventually(round).toBe(shown);
    await eventually(texts).toEqual(picked);
  });

  it("that one comes back to is what the settings say", async () => {
    await open();
    for (const strategy of ["margin", "lc"]) {
      await select("strategy").selectOption(strategy);
      await eventually(() => settings().get("strategy")).toBe(strategy);
    }
    const shown = () => select("strategy").inputValue();
    for (const [way, strategy] of [["goBack", "margin"], ["goBack", "entropy"], ["goForward", "margin"]] as const) {
      await page[way]();
      await eventually(shown, 10_000).toBe(strategy);
    }
  });

  it("to what is not here says so, and the choice that is there helps", async () => {
    await open({ data: "nowhere" });
    await page.getByRole("alert").getByText(/there is no data set 'nowhere' here/).waitFor();
    expect(await select("data").inputValue()).toBe("nowhere");
    await select("data").selectOption("topics");
    await reaches(page, 1);
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

describe("without a network", () => {
  it("the page opens after one visit, and goes on with its run", async () => {
    await open();
    await reaches(page, 1);
    await button("Pause").click();
    await page.getByText("This page also opens without a network.").waitFor();
    const before = await curves(page);
    await page.context().setOffline(true);
    await page.reload();
    await reaches(page, Math.min(...Object.values(before).map(({ length }) => length)) + 1);
    const after = await curves(page);
    for (const [name, scores] of Object.entries(before)) expect(after[name]!.slice(0, scores.length)).toEqual(scores);
  });
});
