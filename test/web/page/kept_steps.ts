import { Buffer } from "node:buffer";
import type { Download, Page } from "playwright";

/** Settings that train in a moment: of a link. */
export const QUICK = "computer=wasm&successor=bag-64&acquisition=bag-64&step=8";

export interface GivenFile {
  readonly name: string;
  readonly bytes: string | Uint8Array;
}

/** Chooses a file of texts, and waits until the page has said something of it. */
export async function chooseTable(page: Page, { name, bytes }: GivenFile): Promise<void> {
  const buffer = Buffer.from(bytes as string);
  await page.getByLabel("Choose a file").setInputFiles({ name, mimeType: "text/plain", buffer });
  await answered(page);
}

/** Waits until the view of data and runs has done what it was asked for. */
export async function answered(page: Page): Promise<void> {
  await page.locator("kept-view .said", { hasText: "Working" }).waitFor({ state: "detached" });
}

/** Keeps a file of texts, and opens it in the lab or to be labelled. */
export async function keepTable(
  page: Page,
  file: GivenFile,
  { title, classes }: { readonly title: string; readonly classes?: string },
): Promise<void> {
  await chooseTable(page, file);
  await page.getByLabel("Name").fill(title);
  if (classes !== undefined) await page.getByLabel("Classes, separated").fill(classes);
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await page.getByRole("button", { name: `Remove ${title}` }).waitFor();
}

/** Waits until the run that is looked at has ended. */
export async function finished(page: Page): Promise<void> {
  await page.locator("status-line .phase", { hasText: "Finished" }).waitFor({ timeout: 60_000 });
}

/** What a person saves by a button. */
export async function savedBy(
  page: Page,
  button: string,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).first().click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await bytesOf(download) };
}

async function bytesOf(download: Download): Promise<Uint8Array> {
  return await Deno.readFile(await download.path());
}

/** Labels every text that is asked for by its words, to the end of the batch. */
export async function labelBatch(page: Page, keyOf: (text: string) => string): Promise<void> {
  const card = page.locator("label-card");
  await card.waitFor();
  const [, count] = /(\d+) of (\d+)/.exec(await card.locator(".progress").innerText())!.slice(1).map(Number) as [
    number,
    number,
  ];
  for (let done = 0; done < count; done++) {
    if (await card.locator("button.primary").count()) break;
    await page.keyboard.press(keyOf(await card.locator(".text").innerText()));
  }
  await card.locator("button.primary").waitFor();
  await page.keyboard.press("Enter");
}

/** Rows of two classes that differ in a word. */
export function topicRows(count: number): { readonly id: string; readonly text: string; readonly label: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const [word, label] = index % 2 ? ["ball", "sport"] : ["bread", "food"];
    return { id: `t${index}`, text: `the ${word} of day ${index} is here`, label: label! };
  });
}

export function csvOf(rows: readonly Readonly<Record<string, string>>[], separator = ","): string {
  const columns = Object.keys(rows[0]!);
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return [columns, ...rows.map((row) => columns.map((column) => row[column]!))]
    .map((cells) => cells.map(cell).join(separator) + "\n").join("");
}

export function jsonlOf(rows: readonly unknown[]): string {
  return rows.map((row) => JSON.stringify(row) + "\n").join("");
}

/** Brings in the zip file of a run, and waits until the page has said something of it. */
export async function bringRun(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const buffer = Buffer.from(bytes);
  await page.getByLabel("Bring in a run (zip)").setInputFiles({ name, mimeType: "application/zip", buffer });
  await answered(page);
}
