import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assets } from "../../cli/host/assets.ts";
import { missingParts } from "../../src/experiment/missing.ts";
import { prepare } from "../../src/experiment/prepare.ts";
import { resolve } from "../config/resolve.ts";
import { MemoryFiles } from "../host/memory_files.ts";

const page = readFileSync(join(import.meta.dirname!, "../../docs/config.md"), "utf8");
const configs = [...page.matchAll(/^```yaml\n# (\S+)\n(.*?)^```$/gms)].map(([, file, text]) => [file!, text!] as const);

const mails = "subject,label\n" +
  Array.from({ length: 900 }, (_, index) => `mail number ${index},${index % 2 === 0 ? "ham" : "spam"}\n`).join("");

/** What names models and data sets of the hub. */
const ofHub = ["tasks.yaml"];

describe("docs/config.md", () => {
  it.each(configs)("shows %s, which can run as far as the hub is not needed", async (file, text) => {
    const { experiments } = await resolve(text);
    expect(missingParts(experiments)).toEqual([]);
    const preparing = prepare(experiments, { assets, userFiles: MemoryFiles.of({ "mails.csv": mails }) });
    if (ofHub.includes(file)) {
      return await expect(preparing).rejects.toThrow("is on the hub, which is not asked from here");
    }
    const prepared = await preparing;
    expect(prepared.notices.filter((notice) => !notice.includes("would label"))).toEqual([]);
    expect(prepared.runs.length).toBeGreaterThan(0);
  });
});
