import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { transformWithOxc } from "vite";
import { root } from "../cli/call_pupil.ts";
import { chromiumOptions } from "../host/chromium.ts";
import { type ServedPage, servePage } from "./built_page.ts";

let browser: Browser;
let register: string;
let served: ServedPage;
let context: BrowserContext;
let asked: string[];

beforeAll(async () => {
  browser = await chromium.launch(chromiumOptions);
  const path = join(root, "web/offline/register.ts");
  register = (await transformWithOxc(await readFile(path, "utf8"), path)).code;
});
afterAll(() => browser.close());

/** Of a host that serves more than this page. */
const FOLDER = "some/folder/";

beforeEach(async () => {
  context = await browser.newContext();
  asked = [];
  context.on("request", (request) => asked.push(request.url()));
});
afterEach(async () => {
  await context.close();
  await served.close();
});

describe("the page, offline,", () => {
  it.each(["", "some/folder/"])("opens at /%s once it was stored, and its files have their bytes", async (folder) => {
    await serve(folder);
    const page = await visit();
    await reaches(page, "stored");
    const mails = (await readFile(join(root, "data/mail.jsonl.gz"))).length;
    await served.close();
    for (const address of ["", "index.html", "?seed=3#lab"]) {
      await page.goto(served.url + address);
      await expect.poll(() => page.evaluate(`document.querySelector("pupil-page").shadowRoot !== null`)).toBe(true);
      expect(await page.evaluate("navigator.serviceWorker.controller?.state")).toBe("activated");
    }
    const packed = `fetch("project/data/mail.jsonl.gz").then((response) => response.arrayBuffer())`;
    expect(await page.evaluate(`${packed}.then(({ byteLength }) => byteLength)`)).toBe(mails);
    expect(await page.evaluate(`fetch("nowhere").then(() => "answered", () => "failed")`)).toBe("failed");
    expect(asked.filter((address) => !/^(data|blob):/.test(address) && !address.startsWith(served.url))).toEqual([]);
  });

  it("leaves a page that runs alone until it asks for the new version, which then replaces the old", async () => {
    await serve(FOLDER);
    const page = await visit();
    await reaches(page, "stored");
    await page.reload();
    await start(page);
    const [first] = await versions(page);

    // The next build.
    const script = new TextDecoder().decode(served.files.get(`${FOLDER}service_worker.js`)!.bytes);
    put(`${FOLDER}service_worker.js`, script.replace(/"version":"\w+"/, '"version":"next"'));
    await page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update()).then(() => {})");
    await reaches(page, "update");
    expect(await page.evaluate("states")).toEqual(["update"]);
    expect(await versions(page)).toEqual([first, expect.stringMatching(/ next$/)]);

    const other = await context.newPage();
    await other.goto(served.url);
    expect(await page.evaluate("copy.update()")).toBe(false);
    await other.close();

    const loaded = page.waitForEvent("load");
    // The browser may still count a tab that has just closed. The answer is lost where the page is gone before it.
    await expect.poll(() => page.evaluate("copy.update()").catch(() => true), { timeout: 60_000 }).toBe(true);
    await loaded;
    await expect.poll(() => versions(page)).toEqual([expect.stringMatching(/ next$/)]);
    await start(page);
    await reaches(page, "stored");
  });

  it("is not stored where a file is not the one that was built, and works without", async () => {
    await serve(FOLDER);
    put(`${FOLDER}favicon.svg`, "<svg/>");
    const page = await visit();
    await reaches(page, "failed");
    expect(await versions(page)).toEqual([]);
  });
});

async function serve(folder: string): Promise<void> {
  served = await servePage(folder);
  put(`${folder}register.js`, register);
}

function put(path: string, text: string): void {
  served.files.set(path, { bytes: new TextEncoder().encode(text), etag: `"${path} ${text.length}"` });
}

async function visit(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(served.url);
  await start(page);
  return page;
}

/** Registers, and keeps the copy in the page. What runs there is text: neither this host's types nor Vitest's imports are known there. */
async function start(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const { registerOffline } = await import(new URL("register.js", document.baseURI).href);
    globalThis.copy = await registerOffline();
    globalThis.states = [];
    copy.subscribe((state) => states.push(state));
  })()`);
}

/** Waits for a state of the page's copy. Playwright's own waiting evaluates text in the page, which its policy forbids. */
async function reaches(page: Page, state: string): Promise<void> {
  await expect.poll(() => page.evaluate("copy.state"), { timeout: 20_000 }).toBe(state);
}

/** The caches of this copy of the page, the older first. */
function versions(page: Page): Promise<readonly string[]> {
  return page.evaluate("caches.keys()") as Promise<readonly string[]>;
}
