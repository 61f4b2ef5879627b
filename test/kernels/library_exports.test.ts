import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import * as library from "../../kernels/kernels.ts";

const folder = join(import.meta.dirname!, "../../kernels");
const families = readdirSync(folder, { withFileTypes: true })
  .filter((each) => each.isDirectory() && each.name !== "dist").map(({ name }) => name);

interface Source {
  readonly path: string;
  readonly module: Readonly<Record<string, unknown>>;
}
const sources: Source[] = await Promise.all(
  families.flatMap((family) =>
    readdirSync(join(folder, family)).filter((file) => file.endsWith(".ts")).map((file) => `${family}/${file}`)
  ).map(async (path) => ({ path, module: await import(join(folder, path)) })),
);

/** Parts of an oracle, no use outside. */
const inner = ["threefry", "dropoutThreshold"];

const isKernel = (value: unknown) => typeof value === "object" && value !== null && "plan" in value;
const exported = new Set<unknown>(Object.values(library));

/** Host sides and oracles: what else lies in a folder is between them. */
const open = sources.filter(({ path, module }) =>
  path.endsWith("/reference.ts") || Object.values(module).some(isKernel)
);

/** What of these is not exported, by file and name. */
function missing(wanted: (name: string, value: unknown) => boolean): string[] {
  return open.flatMap(({ path, module }) =>
    Object.entries(module).filter(([name, value]) => wanted(name, value) && !exported.has(value))
      .map(([name]) => `${path}: ${name}`)
  );
}

describe("the kernel library", () => {
  it("has every kernel of every folder", () => {
    expect(families.length).toBeGreaterThan(8);
    for (const family of families) {
      const kernels = open.filter(({ path }) => dirname(path) === family)
        .flatMap(({ module }) => Object.values(module).filter(isKernel));
      expect(kernels, family).not.toEqual([]);
    }
    expect(missing((_, value) => isKernel(value))).toEqual([]);
  });

  it("has what goes with them: readers, orders of columns, oracles", () => {
    expect(missing((name, value) => typeof value !== "number" && !inner.includes(name))).toEqual([]);
  });

  it("has their types", () => {
    const entry = readFileSync(join(folder, "kernels.ts"), "utf8");
    const types = open.flatMap(({ path }) => {
      const text = readFileSync(join(folder, path), "utf8");
      return [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name!);
    });
    expect(types.length).toBeGreaterThan(15);
    for (const name of types) expect(entry).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it.each(families)("has an oracle for %s", (family) => {
    expect(sources.map(({ path }) => path)).toContain(`${family}/reference.ts`);
  });
});
