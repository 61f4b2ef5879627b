/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readZip } from "../../../web/data/zip/read_zip.ts";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { chooseTable, finished, jsonlOf, keepTable, QUICK, savedBy } from "./kept_steps.ts";
import { keptTexts, openPage } from "./open_page.ts";

/** What people who mean harm, and computers that mean nothing, put into texts. */
const hostile = [
  `<img src="/gone.png" onerror="document.title='taken'">`,
  `<script>document.title = "taken"</script>`,
  "\u202eturned\u2066 and not closed",
  "zero\u200bwidth\u200d\ufeff",
  "nul\u0000byte \ud800 alone",
  "</textarea></p></template><h1>big</h1>",
  "${data.train} {{constructor}} %s",
  "שלום مرحبا",
  "=HYPERLINK('http://example.com')",
  "https://example.com/track.gif",
];
const labels = [
  `<img src="/gone.png" onerror="document.title='taken'">`,
  "__proto__",
  'a, "quoted"\nname',
  "\u202eturned",
  `${"without_a_space".repeat(20)} ${"very long ".repeat(20)}end`,
  "${al.strategy}",
];
/** A megabyte on one line. */
const long = "long ".repeat(200_000);
const rows = Array.from({ length: 48 }, (_, index) => ({
  id: `../${index}/<b>"'?#\u202e`,
  text: index === 7 ? long : `${hostile[index % hostile.length]} ${"abcdef"[index % 6]} ${index}`,
  label: labels[index % 6]!,
}));
const title = `<b>hostile</b> \u202e`;

let browser: Browser;
let served: ServedPage;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
  ({ page, troubles } = await openPage(browser, `${served.url}#tab=data&${QUICK}`, {
    viewport: { width: 390, height: 800 },
  }));
  await page.getByLabel("Choose a file").waitFor({ state: "attached" });
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

/** Nothing of the data became markup or ran, nothing was asked for elsewhere, and nothing hangs over the edge. */
async function expectOnlyText(): Promise<void> {
  const found = await page.evaluate(() => {
    const elements = (root: Document | ShadowRoot): Element[] =>
      [...root.querySelectorAll("*")].flatMap((each) => [each, ...(each.shadowRoot ? elements(each.shadowRoot) : [])]);
    const all = elements(document);
    return {
      title: document.title,
      strange: all.filter(({ localName }) => ["img", "h1", "b", "script"].includes(localName))
        .map((each) => each.outerHTML).filter((html) =>
          !/^<h1[^>]*>(<!--[^>]*-->)*Pupil|^<script type="module"/.test(html)
        ),
      width: document.documentElement.scrollWidth,
    };
  });
  expect(found).toEqual({ title: "Pupil", strange: [], width: 390 });
  expect(troubles).toEqual([]);
}

const tab = (name: string) => page.getByRole("link", { name, exact: true }).click();
const failed = () => page.locator("pupil-page [role=alert]");

describe("a hostile data set is text", () => {
  it("in its preview, and where it is kept", async () => {
    await chooseTable(page, { name: "<b>hostile.jsonl", bytes: jsonlOf(rows) });
    await page.locator("table-preview").getByText(hostile[1]!).first().waitFor();
    await expectOnlyText();
    await page.getByRole("button", { name: "Cancel" }).click();
    await keepTable(page, { name: "<b>hostile.jsonl", bytes: jsonlOf(rows) }, { title });
    await expectOnlyText();
    const kept = await keptTexts(page);
    expect(Object.keys(kept).filter((path) => path.startsWith("data/")).sort()).toEqual([
      "data/b-hostile-b.json",
      "data/b-hostile-b.jsonl",
    ]);
    expect(kept["data/b-hostile-b.jsonl"]).toBe(jsonlOf(rows));
  });

  it("in the lab: its picks, what is known of one, its table", async () => {
    await page.getByRole("button", { name: "Watch in the lab" }).click();
    await finished(page);
    expect(await failed().count()).toBe(0);
    const picks = page.locator("picks-list .pick");
    for (let pick = 0; pick < Math.min(3, await picks.count()); pick++) {
      await picks.nth(pick).click();
      await page.locator("example-card .text").waitFor();
      await expectOnlyText();
    }
    expect(await page.locator("example-card").getByText("__proto__").count()).toBeGreaterThan(0);
  });

  it("where a person labels it, and in what is saved", async () => {
    await tab("You are the oracle");
    const card = page.locator("label-card");
    await card.locator(".text").waitFor();
    expect((await card.locator(".answers bdi").allTextContents()).sort()).toEqual([...labels].sort());
    await card.locator(".card").focus();
    for (let key = 1; key <= 6; key++) await page.keyboard.press(String(key));
    await card.getByText("6 of 10").waitFor();
    await expectOnlyText();
    await tab("Data and runs");
    await page.getByRole("group", { name: /^mine-b-hostile/ }).waitFor();
    await expectOnlyText();
    const group = page.getByRole("group", { name: /^mine-b-hostile/ });
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      group.getByRole("button", { name: "Labels" }).click(),
    ]);
    const lines = Deno.readTextFileSync(await download.path()).trim().split("\n").map((line) => JSON.parse(line));
    expect(lines.map(({ label }) => label).sort()).toEqual([...labels].sort());
    for (const { id, text } of lines) expect(rows.find((row) => row.id === id)?.text).toBe(text);
    const { bytes } = await savedBy(page, "Whole run (zip)");
    const { entries } = await readZip(bytes, "run.zip");
    expect(entries.map(({ path }) => path).filter((path) => /\.\.|[<>"]/.test(path))).toEqual([]);
    // What follows would else click on what is just moving to make room for the answer.
    await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Curves (SVG)" }).first().click(),
    ]);
    await expectOnlyText();
  });

  it("where it is removed", async () => {
    await page.getByRole("button", { name: "Remove <b>hostile</b>" }).click();
    await expectOnlyText();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Remove <b>hostile</b>" }).waitFor({ state: "detached" });
    await expectOnlyText();
  });
});
