import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loosePins, undocumented } from "./dependencies.ts";

const root = join(import.meta.dirname!, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("the dependencies", () => {
  const { imports } = JSON.parse(read("deno.json")) as { imports: Record<string, string> };

  it("are pinned exactly", () => {
    expect(Object.keys(imports).length).toBeGreaterThan(5);
    expect(loosePins(imports)).toEqual([]);
  });

  it("each have a line in docs/choices.md that names them", () => {
    expect(undocumented(Object.keys(imports), read("docs/choices.md"))).toEqual([]);
  });

  it("would be found loose", () => {
    const loose = {
      a: "npm:a@^1.0.0",
      b: "npm:b",
      c: "jsr:@c/c@1.0.0",
      d: "npm:d@1.2",
      e: "npm:other@1.2.3",
      f: "npm:@f/f@1.2.3",
    };
    expect(loosePins({ ...loose, "@f/f": "npm:@f/f@1.2.3-beta.1", g: "npm:g@1.2.3" })).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
      "f",
    ]);
  });

  it("would be found undocumented, also where a longer name is documented", () => {
    expect(undocumented(["lit", "yaml"], "| `lit-html` | the page |\n| `yaml` | configs |")).toEqual(["lit"]);
  });
});
