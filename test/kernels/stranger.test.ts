import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rowStatsReference } from "../../kernels/row_stats/reference.ts";
import { chromiumOptions } from "../host/chromium.ts";
import { linesLoggedBy, serving } from "../host/plain_page.ts";
import { expectClose } from "./cases.ts";
import { root, StrangersFolder } from "./strangers_folder.ts";

let folder: StrangersFolder;
beforeAll(async () => {
  folder = await StrangersFolder.make();
});
afterAll(() => folder?.remove());

describe("the program of a stranger", () => {
  /** The rows that it holds. */
  const rows = [[9, 0, 1, 0], [2, 2, -3, -3], [0, 0, 0, 0]];

  function expectOracle(lines: readonly string[]): void {
    expect(lines).toHaveLength(rows.length);
    rows.forEach((row, index) => {
      const { leastConfidence, margin, entropy, maxLogProbability } = rowStatsReference(row);
      const [, ...printed] = lines[index]!.match(
        /^row \d: least_confidence (\S+), margin (\S+), entropy (\S+), max_log_probability (\S+)$/,
      )!;
      expectClose(printed.map(Number), [leastConfidence, margin, entropy, maxLogProbability], 2e-6);
    });
  }

  it("runs in Deno as it stands, with no flag", async () => {
    const { code, stdout, stderr } = await folder.deno(["run", "row_stats.js"]);
    expect(code, stderr).toBe(0);
    expectOracle(stdout.trimEnd().split("\n"));
  });

  it("says that there is no adapter where there is none", async () => {
    const none = join(folder.path, "no_driver.json");
    const env = { VK_DRIVER_FILES: none, VK_ICD_FILENAMES: none, __EGL_VENDOR_LIBRARY_FILENAMES: none };
    const { code, stderr } = await folder.deno(["run", "row_stats.js"], env);
    expect(code).toBe(1);
    expect(stderr).toContain("There is no WebGPU adapter here.");
  });

  it("runs in a plain page of Chromium, with no bundler", async (context) => {
    const { executablePath } = chromiumOptions;
    context.skip(!existsSync(executablePath), `there is no ${executablePath}`);
    const [, html] = (await readFile(join(root, "kernels/README.md"), "utf8")).match(/```html\n(.*?)```/s)!;
    await writeFile(join(folder.path, "index.html"), html!);
    expectOracle(await serving(folder.path, (url) => linesLoggedBy(`${url}/index.html`, rows.length)));
  });
});
