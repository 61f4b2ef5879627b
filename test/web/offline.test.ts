import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { transformWithOxc } from "vite";
import { en } from "../../web/texts/english.ts";
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
const words = en.lab;
const NEXT_TITLE = "The next version";

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
    const [first] = await versions(page);
    await nextBuild(page);
    await expect.poll(() => versions(page)).toEqual([first, expect.stringMatching(/ next$/)]);
    await page.getByText(words.newVersion).waitFor();

    const other = await context.newPage();
    await other.goto(served.url);
    expect(await other.title()).not.toBe(NEXT_TITLE);
    await page.getByRole("button", { name: words.reload }).click();
    await page.getByText(words.closeOtherTabs).waitFor();
    expect(await versions(page)).toHaveLength(2);
    await other.close();

    await expect.poll(async () => {
      // The browser may still count a tab that has just closed. The button is gone with the page.
      await page.getByRole("button", { name: words.reload }).click({ timeout: 1000 }).catch(() => {});
      return await page.title();
    }, { timeout: 20_000 }).toBe(NEXT_TITLE);
    expect(await versions(page)).toEqual([expect.stringMatching(/ next$/)]);
    await start(page);
    await reaches(page, "stored");
    expect(await page.getByText(words.newVersion).count()).toBe(0);
    put(`${FOLDER}project/packages/late`, "fetched late");
    const late = `fetch("project/packages/late").then((response) => response.text())`;
    expect(await page.evaluate(late)).toBe("fetched late");
    await expect.poll(() => page.evaluate(`caches.match("project/packages/late").then((found) => found !== undefined)`))
      .toBe(true);
    expect(await versions(page)).toEqual([expect.stringMatching(/ next$/)]);
    await served.close();
    await page.reload();
    expect(await page.title()).toBe(NEXT_TITLE);
    await page.getByText(words.offline).waitFor();
    expect(await page.evaluate(late)).toBe("fetched late");
  });

  it("opens as the new version, without being asked, once all tabs of the old one are closed", async () => {
    await serve(FOLDER);
    const page = await visit();
    await reaches(page, "stored");
    await page.reload();
    await nextBuild(page);
    await page.getByText(words.newVersion).waitFor();
    await page.close();
    await expect.poll(async () => {
      const again = await context.newPage();
      await again.goto(served.url);
      const title = await again.title();
      await again.close();
      return title;
    }, { timeout: 60_000, interval: 1000 }).toBe(NEXT_TITLE);
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

/** Puts a later build in place of the one that is served, and has the browser look for it, as it does at a visit. */
async function nextBuild(page: Page): Promise<void> {
  const textOf = (path: string) => new TextDecoder().decode(served.files.get(FOLDER + path)!.bytes);
  const old = textOf("index.html");
  const html = old.replace(/<title>.*<\/title>/, `<title>${NEXT_TITLE}</title>`);
  put(`${FOLDER}index.html`, html);
  const script = textOf("service_worker.js")
    .replace(/"version":"\w+"/, '"version":"next"')
    .replace(integrity(old), integrity(html));
  put(`${FOLDER}service_worker.js`, script);
  await page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update()).then(() => {})");
}

function integrity(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
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
  // More than the state is read, so that a failure tells how it came about.
  const now = `(async () => {
    const { installing, waiting, active } = await navigator.serviceWorker.getRegistration() ?? {};
    return {
      state: copy.state,
      before: states,
      caches: await caches.keys(),
      scripts: [installing, waiting, active].map((script) => script?.state),
    };
  })()`;
  await expect.poll(() => page.evaluate(now), { timeout: 20_000 }).toMatchObject({ state });
}

/** The caches of this copy of the page, the older first. */
function versions(page: Page): Promise<readonly string[]> {
  return page.evaluate("caches.keys()") as Promise<readonly string[]>;
}
