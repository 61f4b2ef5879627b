import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { strategies } from "../../src/acquisition/strategies.ts";
import { subsamplers } from "../../src/acquisition/subsamplers.ts";
import { commands } from "../../cli/commands.ts";
import { assets } from "../../cli/host/assets.ts";
import { resolveConfig } from "../../cli/run/config_files.ts";
import { resolvePlan } from "../../src/config/plan.ts";
import { loadData } from "../../src/experiment/load_data.ts";
import { prepare } from "../../src/experiment/prepare.ts";
import { readText } from "../../src/host.ts";
import { published } from "../data/published.ts";
import { MemoryFiles } from "../host/memory_files.ts";

const root = join(import.meta.dirname!, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

describe("the README", () => {
  it("leads to files that are there", () => {
    const links = [...readme.matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g)].map(([, link, image]) => link ?? image!);
    expect(links.length).toBeGreaterThan(4);
    for (const link of links) expect(existsSync(join(root, link)), link).toBe(true);
  });

  it("names commands, strategies and subsamplings that there are", () => {
    for (const [, name] of readme.matchAll(/\.\/pupil ([a-z]+)/g)) expect(commands.names()).toContain(name);
    const line = readme.match(/strategies (.*?); subsampling (.*?); models/s)!;
    const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    expect(quoted(line[1]!)).toEqual(strategies.names());
    expect(quoted(line[2]!)).toEqual(subsamplers.names());
  });

  it("shows a config that runs as it stands", async () => {
    const source = readme.match(/```yaml\n(.*?)```/s)![1]!;
    const load = (name: string) => readText(assets, `configs/${name}.yaml`);
    const plan = await resolvePlan({ source, file: "group.yaml", overrides: [], load, now: new Date(0) });
    expect(plan.experiments.map(({ name }) => name)).toEqual(["random", "self", "asm-encoder-32", "asm-bag-64"]);
    const prepared = await prepare(plan.experiments, { assets, userFiles: new MemoryFiles() });
    expect(prepared.runs).toHaveLength(20);
  });

  it("shows how to run one's own file, and that works", async () => {
    const [, args] = readme.match(/\.\/pupil run configs\/group\.yaml (.*?) --dry-run/)!;
    const plan = await resolveConfig(join(root, "configs/group.yaml"), args!.split(" "), root);
    const rows = Array.from({ length: 200 }, (_, row) => `"mail ${row} of ${row % 7}",${row % 2 ? "work" : "home"}`);
    const userFiles = MemoryFiles.of({ "mails.csv": `subject,folder\n${rows.join("\n")}\n` });
    const prepared = await prepare(plan.experiments, { assets, userFiles });
    expect(prepared.runs[0]!.data.labels).toEqual(["home", "work"]);
  });

  it("counts the mails right", async () => {
    const { train, test } = await loadData(published("mail"), { assets, userFiles: new MemoryFiles() });
    expect(readme).toContain(`${(train.length + test.length).toLocaleString("en")} real mails`);
  });
});
