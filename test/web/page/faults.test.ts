/// <reference lib="dom" />
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../../host/chromium.ts";
import { type ServedPage, servePage } from "../built_page.ts";
import { curves, eventually, openTopics, place, reaches } from "./lab_steps.ts";

let browser: Browser | undefined;
let served: ServedPage;

beforeAll(async () => {
  served = await servePage();
  // The test has a hand on the device that the engine opens.
  for (const [path, file] of served.files) {
    if (!/assets\/worker-.*\.js$/.test(path)) continue;
    const bytes = new TextEncoder().encode(DEVICE + new TextDecoder().decode(file.bytes));
    served.files.set(path, { ...file, bytes });
  }
});
afterEach(() => browser?.close());
afterAll(() => served.close());

const COMPILING = 120_000;

const DEVICE = `{
  const request = globalThis.GPUAdapter?.prototype.requestDevice;
  if (request) GPUAdapter.prototype.requestDevice = async function (...wishes) {
    return globalThis.lastDevice = await request.apply(this, wishes);
  };
}\n`;

const launch = (...without: string[]) =>
  chromium.launch({ ...chromiumOptions, args: chromiumOptions.args.filter((flag) => !without.includes(flag)) });
const computer = (page: Page) => page.locator("footer .computer");
const loseDevice = (page: Page) =>
  page.workers()[0]!.evaluate(() => (globalThis as unknown as { lastDevice: GPUDevice }).lastDevice.destroy());

describe("without WebGPU", () => {
  it("the page says so, says how to get it, and works", async () => {
    browser = await launch("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader");
    const { page, troubles } = await openTopics(browser, served.url, place({ computer: "automatic" }));
    await reaches(page, 1);
    await eventually(() => computer(page).innerText()).toMatch(/^CPU \(WebAssembly.*\): .*ms a training step/);
    const note = page.locator("footer summary");
    expect(await note.innerText()).toMatch(/This browser (has no WebGPU|offers no GPU), so the CPU computes/);
    await note.press("Enter");
    await page.getByText("Chrome and Edge 113 or later").waitFor();
    expect(troubles).toEqual([]);

    await page.goto(served.url + place({ computer: "webgpu" }));
    await page.reload();
    await page.getByRole("alert").getByText(/this browser has no WebGPU|no GPU adapter/).waitFor();
  });
});

describe("on WebGPU, by a software adapter,", () => {
  // SwiftShader compiles for ten seconds on two idle cores, twice here, and for a minute beside other tests.
  it("the page works, and a lost device is told and got over", { timeout: 300_000 }, async () => {
    browser = await launch();
    const { page, troubles } = await openTopics(browser, served.url, place({ computer: "webgpu" }));
    await reaches(page, 1, 1, COMPILING);
    await eventually(() => computer(page).innerText()).toMatch(/SwiftShader.*, a software adapter: .*ms a training/i);
    expect(await page.locator("footer summary").innerText()).toContain("This is a software adapter");
    await loseDevice(page);
    const alert = page.getByRole("alert");
    await alert.getByText(/The engine stopped: .*lost/).waitFor();
    const before = await curves(page);
    await alert.getByRole("button", { name: "Start again" }).click();
    await eventually(() => alert.count()).toBe(0);
    const most = Math.max(...Object.values(before).map(({ length }) => length));
    await eventually(async () => Object.values(await curves(page)).some(({ length }) => length > most), COMPILING)
      .toBe(true);
    const after = await curves(page);
    for (const [name, scores] of Object.entries(before)) expect(after[name]!.slice(0, scores.length)).toEqual(scores);
    expect(troubles.filter((trouble) => !/destroyed|lost/i.test(trouble))).toEqual([]);
  });
});

describe("two tabs", () => {
  it("do not run the same thing: the second says so, and goes on once the first is closed", async () => {
    browser = await launch();
    const { page, troubles } = await openTopics(browser, served.url, place());
    await reaches(page, 1);
    const second = await page.context().newPage();
    await second.goto(served.url + place());
    const alert = second.getByRole("alert");
    await alert.getByText("another tab of this page runs this. Close it, or choose another seed").waitFor();
    await second.getByLabel("Seed").fill("5");
    await second.getByLabel("Seed").press("Enter");
    await eventually(() => alert.count()).toBe(0);
    await reaches(second, 1);
    await second.goBack();
    await alert.waitFor();
    await page.close();
    await alert.getByRole("button", { name: "Start again" }).click();
    await reaches(second, 1);
    expect(troubles).toEqual([]);
  });
});
