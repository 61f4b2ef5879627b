/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { answered, chooseTable, csvOf, jsonlOf, QUICK, topicRows } from "./kept_steps.ts";
import { keptTexts, openPage } from "./open_page.ts";

let browser: Browser;
let served: ServedPage;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
  ({ page, troubles } = await openPage(browser, `${served.url}#tab=data&${QUICK}`));
  await page.getByLabel("Choose a file").waitFor({ state: "attached" });
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});
afterEach(async () => {
  const cancel = page.getByRole("button", { name: "Cancel" });
  if (await cancel.count() > 0) await cancel.click();
  expect(troubles).toEqual([]);
});

const rows = topicRows(40);
const alert = () => page.locator("kept-view [role=alert]").innerText();
const previewed = () => page.locator("table-preview p").first().innerText();
/** `times` over, so that what is large is made in the page. */
const drop = async (name: string, bytes: readonly number[], times = 1) => {
  await page.locator("kept-view file-drop .drop").first().evaluate((target, { name, bytes, times }) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(Array.from({ length: times }, () => new Uint8Array(bytes)), name));
    for (const type of ["dragover", "drop"]) {
      target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }, { name, bytes, times });
  await page.locator("table-preview, kept-view [role=alert]").first().waitFor();
};
const kept = async (path: string) => (await keptTexts(page))[path];
const gzipped = async (text: string) =>
  new Uint8Array(
    await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
  );

describe("texts come in", () => {
  it.each([
    ["mails.csv", csvOf(rows)],
    ["mails.tsv", csvOf(rows, "\t")],
    ["mails.jsonl", jsonlOf(rows)],
    ["mails.json", JSON.stringify(rows)],
  ])("as %s, chosen", async (name, bytes) => {
    const file = name.replace(/\.(csv|tsv|jsonl)$/, "");
    await chooseTable(page, { name, bytes });
    expect(await previewed()).toMatch(/mails.*: 40 rows/);
    expect(await page.locator("table-preview tbody tr").count()).toBe(20);
    await page.getByLabel("Name").fill(name);
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByRole("button", { name: `Remove ${name}`, exact: true }).waitFor();
    expect(await kept(`data/${file}.jsonl`)).toBe(jsonlOf(rows));
  });

  it("packed by gzip, and dropped", async () => {
    await drop("mails.csv.gz", [...await gzipped(csvOf(rows))]);
    expect(await previewed()).toContain("40 rows");
    expect(await page.getByLabel("Name").inputValue()).toBe("mails");
  });

  it("pasted, one a line, under a name in the reader's language", async () => {
    await page.getByLabel(/Or paste/).fill("first\n\nsecond\n");
    await page.getByRole("button", { name: "Look at the pasted text" }).click();
    await page.locator("table-preview").waitFor();
    expect(await previewed()).toContain("2 rows");
    expect(await page.getByLabel("Name").inputValue()).toBe("Pasted texts");
    expect(await page.getByRole("button", { name: "Keep", exact: true }).isDisabled()).toBe(true);
    await page.getByLabel("Classes, separated").fill("one, two");
    expect(await page.getByRole("button", { name: "Keep", exact: true }).isEnabled()).toBe(true);
  });

  it("by the columns that a person chooses", async () => {
    const strange = rows.map(({ id, text, label }) => ({
      number: id,
      remark: label,
      subject: `re: ${text}`,
      body: text,
    }));
    await chooseTable(page, { name: "strange.csv", bytes: csvOf(strange) });
    expect(await page.getByLabel("Column of texts").inputValue()).toBe("body");
    await page.getByLabel("Column of texts").selectOption("subject");
    await answered(page);
    await page.getByLabel("Column of labels").selectOption("remark");
    await answered(page);
    await page.getByLabel("Column of ids").selectOption("remark");
    await page.locator("table-preview [role=alert]").waitFor();
    expect(await page.locator("table-preview [role=alert]").innerText()).toContain(
      "the id 'food' stands on line 2 already. Ids must be unique",
    );
    expect(await page.getByRole("button", { name: "Keep", exact: true }).isDisabled()).toBe(true);
    await page.getByLabel("Column of ids").selectOption("number");
    await page.locator("table-preview [role=alert]").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByRole("button", { name: "Remove strange" }).waitFor();
    const [first] = (await kept("data/strange.jsonl"))!.split("\n");
    expect(JSON.parse(first!)).toEqual({ id: "t0", text: "re: the bread of day 0 is here", label: "food" });
  });

  it("and only some of a thousand columns are shown", async () => {
    const wide = {
      ...Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`c${index}`, "x"])),
      text: "a",
      label: "b",
    };
    await chooseTable(page, { name: "wide.csv", bytes: csvOf([wide, { ...wide, text: "b", label: "c" }]) });
    expect(await page.locator("table-preview th").count()).toBe(32);
    await page.locator("table-preview").getByText("32 of 1,002 columns are shown.").waitFor();
  });
});

describe("a file that is not as it should be is refused, with what to do:", () => {
  const zip = new Uint8Array([0x50, 0x4b, 3, 4, 20, 0]);
  it.each<readonly [string, string | Uint8Array, string]>([
    ["empty.csv", "", "empty.csv: the file is empty"],
    [
      "sheet.csv",
      zip,
      "sheet.csv: it is a spreadsheet or another zip file, not a table of text in UTF-8. Save the table as CSV",
    ],
    ["sheet.csv", new Uint8Array([0xff, 0xfe, 0x61, 0]), "sheet.csv: it is in UTF-16, not a table"],
    ["mails.doc", "text", "the name does not end in a known file format. Known are: .jsonl, .ndjson, .csv, .tsv"],
    [
      "old.csv",
      new Uint8Array([0x61, 0x0a, 0xcf, 0xf0]),
      "old.csv:2: not UTF-8: byte 2 is 0xcf. Save the file as UTF-8",
    ],
    ["broken.csv.gz", "nonsense", "broken.csv.gz: not a gzip file, or cut short"],
    ["broken.jsonl", '{"text":"a"}\n{"text":\n', "broken.jsonl:2: not JSON"],
    ["quote.csv", 'text,label\n"a,x\n', "quote.csv:2: a cell opens with a double quote that nothing closes"],
  ])("%s", async (name, bytes, message) => {
    await chooseTable(page, { name, bytes });
    expect(await alert()).toContain(message);
    expect(await page.locator("table-preview").count()).toBe(0);
  });

  it("one that is too large for a page", async () => {
    await drop("large.csv", new Array(1 << 10).fill(0x61), 70 << 10);
    expect(await alert()).toBe(
      "large.csv: 70 MB; the page takes up to 64 MB. Take a part of it, or use the command line",
    );
  });

  it.each<readonly [string, string]>([
    ["text,label\n", "the file has no rows"],
    ["text,label\na,x\n,y\n", "table.csv:3: no text. Every row needs one in its column 'text'"],
    ["text,label\na,x\nb,x\n", "'label' is 'x' wherever it is given. Classification needs two classes"],
    ["text;label\na;x\nb;y\n", "its cells seem to be separated by semicolons"],
  ])("%j, in its preview", async (bytes, message) => {
    await chooseTable(page, { name: "table.csv", bytes });
    await page.locator("table-preview").getByText(message).waitFor();
    expect(await page.getByRole("button", { name: "Keep", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByLabel("Choose a file").waitFor({ state: "attached" });
  });
});
