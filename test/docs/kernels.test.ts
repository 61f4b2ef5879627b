import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import * as library from "../../kernels/kernels.ts";

const root = join(import.meta.dirname!, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Pages that show the whole program. */
const pages = ["kernels/README.md", "README.md", "docs/kernels.md"];

describe("the program of a stranger", () => {
  const program = read("docs/examples/row_stats.js");

  it.each(pages)("stands in %s as it is run", (page) => {
    expect(read(page)).toContain(`\`\`\`js\n${program}\`\`\`\n`);
  });

  it("has fewer than 40 lines", () => expect(program.trimEnd().split("\n").length).toBeLessThan(40));
});

describe("kernels/README.md", () => {
  const page = read("kernels/README.md");

  it("lists every kernel of the library, each once", () => {
    const kernels = Object.entries(library).filter(([, each]) => typeof each === "object" && "plan" in each);
    const listed = page.split("\n").filter((line) => line.startsWith("| `"))
      .flatMap((line) => [...line.split("|")[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(listed.sort()).toEqual(kernels.map(([name]) => name).sort());
  });

  it("names nothing that the library lacks", () => {
    const named = page.split("## How it works")[1]!.match(
      /`(\w+Reference|require\w+|\w+On\w+|openDevice|clear|Recorder)\b/g,
    )!;
    expect(named.length).toBeGreaterThan(4);
    for (const name of named) expect(Object.keys(library)).toContain(name.slice(1));
  });

  it("leads to files and tasks that are there", () => {
    const { tasks } = JSON.parse(read("deno.json"));
    for (const [, task] of page.matchAll(/deno task (\S+)/g)) expect(Object.keys(tasks)).toContain(task);
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(existsSync(join(root, dirname("kernels/README.md"), link)), link).toBe(true);
  });
});
