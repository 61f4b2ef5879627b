/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HUB_FILE } from "../../../src/hub/hub_file.ts";
import { chromiumOptions } from "../../host/chromium.ts";
import { LoopbackHub } from "../../hub/loopback_hub.ts";
import { tinyCheckpoint, tinyDistilBert } from "../../hub/tiny_checkpoint.ts";
import { tinyTokenizer } from "../../text/tiny_tokenizer.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { csvOf, keepTable, QUICK, topicRows } from "./kept_steps.ts";
import { eventually } from "./lab_steps.ts";
import { keptTexts, openPage } from "./open_page.ts";

const NAME = "distilbert-base-cased";
const tokenizer = tinyTokenizer(["the", "ball", "bread", "of", "day", "is", "here"]);
const checkpoint = tinyCheckpoint(tinyDistilBert(Object.keys(tokenizer.model.vocab).length), tokenizer);

let browser: Browser;
let served: ServedPage;
let hub: LoopbackHub;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  [browser, served] = await Promise.all([chromium.launch(chromiumOptions), servePage()]);
  hub = new LoopbackHub(NAME, checkpoint);
  replace(HUB_FILE, () => JSON.stringify({ endpoint: hub.url, leads_to: [hub.elsewhere] }));
  replace("service_worker.js", (text) => text.replace(/("path":"hub\.json"),"integrity":"[^"]+"/, "$1"));
  ({ page, troubles } = await openPage(browser, `${served.url}#tab=data&${QUICK}`));
  await models().getByRole("button", { name: "Fetch" }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([served?.close(), hub?.close()]);
});
beforeEach(() => {
  for (const list of [hub.asked, hub.askedElsewhere, hub.next, troubles]) list.length = 0;
});

/** A file of the page is another than was built. */
function replace(path: string, by: (text: string) => string): void {
  const bytes = new TextEncoder().encode(by(new TextDecoder().decode(served.files.get(path)!.bytes)));
  served.files.set(path, { bytes, etag: `"${hub.url}"` });
}

const models = () => page.locator("section[aria-labelledby=models]");
const tab = (name: string) => page.getByRole("link", { name, exact: true }).click();
const choices = () => page.locator("select[name=acquisition] option").allInnerTexts();
const kept = async () => Object.keys(await keptTexts(page)).filter((path) => path.startsWith("hub/"));

async function fetchModel(name: string, revision = "", on = page): Promise<void> {
  const form = on.locator("hub-form");
  await form.getByLabel("Model on the hub").fill(name);
  await form.getByLabel("Revision").fill(revision);
  await form.getByRole("button", { name: "Fetch" }).press("Enter");
}

describe("a model of the hub", () => {
  it("is asked for by nobody but the Worker that knows of nothing else", async () => {
    const [engine] = page.workers();
    const asked = await engine!.evaluate((url) => fetch(url).then(() => "answered", () => "refused"), hub.url);
    expect([asked, hub.asked]).toEqual(["refused", []]);
    expect(await page.evaluate((url) => fetch(url).then(() => "answered", () => "refused"), hub.url)).toBe("refused");
  });

  it("that is not there, or of no use, is refused before the most of it comes, and nothing of it is kept", async () => {
    const alert = page.locator("kept-view [role=alert]");
    await fetchModel("nobody/nothing", "v2");
    await alert.getByText("nobody/nothing is not there, or has no revision 'v2'").waitFor();
    await fetchModel("no name");
    await alert.getByText("'no name' is no name on the hub: expected 'name' or 'owner/name'").waitFor();
    const config = new TextEncoder().encode(JSON.stringify({ model_type: "mamba" }));
    hub.publish("some/mamba", new Map([...checkpoint, ["config.json", config]]));
    await fetchModel("some/mamba");
    await alert.getByText("unknown architecture 'mamba'").waitFor();
    expect(hub.askedElsewhere).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  it("is no longer waited for once that is cancelled", async () => {
    for (let times = 0; times < 6; times++) hub.next.push(new Response(null, { status: 503 }));
    await fetchModel(NAME);
    await models().getByText("answered 503, again and again; trying again").waitFor();
    await models().getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Stopped. What has come of").waitFor();
    expect(await models().getByRole("button", { name: "Fetch" }).evaluate((each) => each.matches(":focus"))).toBe(true);
  });

  it("cannot be had where the page's host forbids it, and the page says what to allow", async () => {
    const address = `${served.url}#tab=data&${QUICK}`;
    const { page } = await openPage(browser, address, { serviceWorkers: "block" });
    await page.route("**/assets/fetch_worker-*.js", async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), "content-security-policy": "connect-src 'self'" };
      await route.fulfill({ response, headers });
    });
    await fetchModel(NAME, "", page);
    await page.locator("kept-view [role=alert]").getByText(
      `with a Content-Security-Policy of connect-src ${hub.url} ${hub.elsewhere}`,
    ).waitFor();
    expect(hub.asked).toEqual([]);
    await page.context().close();
  });

  it("comes over a connection that breaks, is trained, is there after a reload, and is removed", async () => {
    await keepTable(page, { name: "t.csv", bytes: csvOf(topicRows(40)) }, { title: "Topics" });
    // After the whole of the configuration, which is small, and in the middle of the weights.
    hub.cuts.push(5000, 2000);
    await fetchModel(NAME);
    await page.getByText(`${NAME} can be chosen as successor`).waitFor();
    expect(hub.askedElsewhere.map(({ range }) => range)).toContain("bytes=2000-");
    await models().getByText(/\d kB$/).waitFor();

    await page.getByRole("button", { name: "Watch in the lab: Topics" }).click();
    await page.locator("select[name=acquisition]").selectOption(NAME);
    await page.locator("picks-list li").first().waitFor();
    await page.locator("learning-curves tbody tr").nth(1).waitFor({ state: "attached" });
    expect(await page.getByRole("alert").count()).toBe(0);
    const plans = Object.entries(await keptTexts(page)).filter(([path]) => path.endsWith("/plan.json"));
    const commits = plans.map(([, text]) => JSON.parse(text).commits).filter((each) => each !== undefined);
    expect(commits).toEqual([{ [`${NAME}@main`]: hub.listing().sha }]);

    const asked = hub.asked.length;
    await page.reload();
    await page.locator("select[name=acquisition] option:checked", { hasText: NAME }).waitFor({ state: "attached" });
    await page.locator("picks-list li").first().waitFor();
    expect(hub.asked).toHaveLength(asked);

    await tab("Data and runs");
    expect(await page.evaluate("navigator.serviceWorker.controller?.state")).toBe("activated");
    await fetchModel(NAME);
    await page.getByText(`${NAME} can be chosen as successor`).waitFor();
    // What there is, twice: all of it is here.
    expect(hub.asked).toHaveLength(asked + 2);
    await models().getByRole("button", { name: `Remove ${NAME}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await models().getByRole("button", { name: "Remove" }).waitFor({ state: "detached" });
    expect(await kept()).toEqual([]);
    await tab("Lab");
    await eventually(choices).not.toContain(NAME);

    const left = troubles.filter((each) =>
      ![hub.url, hub.elsewhere].some((url) => each.startsWith(`request: ${url}/`))
    );
    // The browser tells of the connections that the test broke.
    expect(left.filter((each) => !each.includes("net::ERR_INCOMPLETE_CHUNKED_ENCODING"))).toEqual([]);
    expect(new Set(hub.asked.map(({ path }) => path.replace(/\/[^/]+$/, "")))).toEqual(
      new Set([`/api/models/${NAME}/revision`, `/${NAME}/resolve/${hub.listing().sha}`]),
    );
  });
});
