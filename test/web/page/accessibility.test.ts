/// <reference lib="dom" />
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { eventually, openTopics, place, reaches } from "./lab_steps.ts";

let browser: Browser;
let served: ServedPage;
let page: Page;
let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
  ({ page } = await openTopics(browser, served.url, place({ acquisition: "encoder-32", step: "48" })));
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

/** What axe finds on the page as it is, one line each. */
async function found(): Promise<string[]> {
  if (!await page.evaluate("'axe' in globalThis")) await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target} ${any[0]?.message}`));
  });
}

const themes = ["light", "dark"] as const;
const dress = async (language: string, theme: string) => {
  const [tongue, colours] = [page.locator("header select").first(), page.locator("header select").nth(1)];
  await tongue.selectOption(language);
  await colours.selectOption(theme);
  // Colours and curves on their way are none that a rule is for.
  await page.waitForTimeout(700);
};

describe.each(["en", "ru"])("in %s, axe finds nothing", (language) => {
  it("in the lab, before and after there is something to see", async () => {
    await page.goto(served.url + place({ tab: "lab", acquisition: "encoder-32", step: "48" }));
    await dress(language, "light");
    expect(await found()).toEqual([]);
    await reaches(page, 2);
    const self = page.locator("reu-card button");
    if (await self.count()) await self.click();
    await page.locator("reu-card input").first().waitFor();
    await page.locator("picks-list .pick").first().click();
    await page.locator("example-card").waitFor();
    await page.locator("learning-curves summary").click();
    await page.locator("pool-scatter summary").click();
    await page.locator("footer details").evaluateAll((all) => all.forEach((each) => each.setAttribute("open", "")));
    for (const theme of themes) {
      await dress(language, theme);
      expect(await found(), theme).toEqual([]);
    }
    await page.locator("learning-curves summary").click();
    await page.locator("pool-scatter summary").click();
  });

  it("where a person labels", async () => {
    await page.goto(served.url + place({ tab: "label", step: "5" }));
    await page.locator("label-card").waitFor();
    for (const theme of themes) {
      await dress(language, theme);
      expect(await found(), theme).toEqual([]);
    }
  });

  it("among data and runs", async () => {
    await page.goto(served.url + place({ tab: "data" }));
    await page.locator("runs-table td").first().waitFor();
    for (const theme of themes) {
      await dress(language, theme);
      expect(await found(), theme).toEqual([]);
    }
  });

  it("where something is wrong", async () => {
    await page.goto(served.url + place({ data: "nowhere" }));
    await page.getByRole("alert").waitFor();
    for (const theme of themes) {
      await dress(language, theme);
      expect(await found(), theme).toEqual([]);
    }
  });
});

describe("who does not look", () => {
  it("is told of every round once", async () => {
    await page.goto(served.url + place({ seed: "3", step: "48" }));
    await page.locator("header select").first().selectOption("en");
    await page.evaluate(() => {
      const heard = (globalThis as unknown as { heard: string[] }).heard = [] as string[];
      const status = document.querySelector("pupil-page")!.shadowRoot!.querySelector("p[role=status]")!;
      new MutationObserver(() => heard.push(status.textContent)).observe(status, {
        characterData: true,
        childList: true,
        subtree: true,
      });
    });
    await page.getByRole("button", { name: "Restart" }).click();
    await page.locator("status-line .phase", { hasText: "Finished" }).waitFor({ timeout: 60_000 });
    const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
    const rounds = heard.map((text) =>
      /^Round (\d): (\d+) labelled\. .*picks: 0\.\d+/.exec(text)?.slice(1).map(Number)
    );
    expect(rounds).toEqual([[0, 48], [1, 96], [2, 144], [3, 192]]);
    expect(new Set(heard).size).toBe(heard.length);
  });
});

describe("who wants less motion", () => {
  it("sees a round's points move at once", async () => {
    const frames = async () => {
      const [earlier, later] = ["Earlier round", "Later round"].map((name) => page.getByRole("button", { name }));
      await earlier!.click();
      await page.waitForTimeout(800);
      await page.evaluate(() => {
        const counted = globalThis as unknown as { frames: number; request?: typeof requestAnimationFrame };
        counted.frames = 0;
        counted.request ??= requestAnimationFrame.bind(globalThis);
        globalThis.requestAnimationFrame = (callback) => {
          counted.frames++;
          return counted.request!(callback);
        };
      });
      await later!.click();
      await page.waitForTimeout(800);
      return await page.evaluate(() => (globalThis as unknown as { frames: number }).frames);
    };
    await page.emulateMedia({ reducedMotion: "no-preference" });
    const usual = await frames();
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await frames()).toBeLessThan(3);
    expect(usual, "else it proves nothing").toBeGreaterThan(3);
    await eventually(() => page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});
