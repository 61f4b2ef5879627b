import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { breaches } from "./rules.ts";
import { parseSource, type SourceFile } from "./source_file.ts";

const root = join(import.meta.dirname!, "../..");

describe("the house rules", () => {
  it("hold in every source file", () => {
    const files = ["kernels", "src", "bench", "cli", "web"].flatMap(sourcesBelow);
    expect(files.length).toBeGreaterThan(20);
    expect(breaches(files)).toEqual([]);
  });

  const bad: [rule: string, path: string, text: string, expected: RegExp][] = [
    ["no Deno in src", "src/data/a.ts", `const text = Deno.readTextFileSync("x");`, /uses Deno/],
    ["no Deno in src, not as a type either", "src/data/a.ts", `let file: Deno.FsFile;`, /uses Deno/],
    ["no Deno by way of globalThis", "src/data/a.ts", `globalThis.Deno.exit();`, /uses Deno/],
    ["no DOM in src", "src/report/a.ts", `document.title = "x";`, /uses document/],
    ["no node: in kernels or src", "src/data/a.ts", `import { join } from "node:path";`, /node:path/],
    ["no node: by a dynamic import", "src/data/a.ts", `await import("node:fs");`, /node:fs/],
    [
      "kernels do not import the root of src",
      "kernels/a/a.ts",
      `import { Failure } from "../../src/errors.ts";`,
      /only src\/gpu/,
    ],
    [
      "kernels do not import tfjs",
      "kernels/a/a.ts",
      `import type { Tensor } from "@tensorflow/tfjs-core";`,
      /only src\/gpu/,
    ],
    [
      "only src/tfjs imports the backend",
      "src/models/a.ts",
      `import "@tensorflow/tfjs-backend-webgpu";`,
      /only src\/tfjs/,
    ],
    [
      "only src/tfjs imports parts of tfjs",
      "src/models/a.ts",
      `import "@tensorflow/tfjs-core/dist/ops";`,
      /only src\/tfjs/,
    ],
    [
      "tf.engine() stays in src/tfjs",
      "src/models/a.ts",
      `import * as tf from "@tensorflow/tfjs-core"; tf.engine();`,
      /takes engine/,
    ],
    ["engine by name, too", "src/training/a.ts", `import { engine } from "@tensorflow/tfjs-core";`, /takes engine/],
    ["data does not compute", "src/data/a.ts", `import { add } from "@tensorflow/tfjs-core";`, /only tfjs, models/],
    ["arrows point down", "src/models/a.ts", `import { x } from "../training/b.ts";`, /does not point down/],
    ["types are arrows", "src/training/a.ts", `import type { X } from "../experiment/b.ts";`, /does not point down/],
    ["re-exports are arrows", "src/models/a.ts", `export { x } from "../tasks/b.ts";`, /does not point down/],
    ["import types are arrows", "src/models/a.ts", `type X = import("../tasks/b.ts").X;`, /does not point down/],
    ["nobody imports the CLI", "src/report/a.ts", `import { x } from "../../cli/a.ts";`, /does not point down/],
    [
      "evaluation does not know tasks",
      "src/evaluation/a.ts",
      `import { x } from "../tasks/b.ts";`,
      /does not point down/,
    ],
    ["the root of src knows nobody", "src/errors.ts", `import { x } from "./data/b.ts";`, /does not point down/],
  ];

  it.each(bad)("are broken where they should be: %s", (_rule, path, text, expected) => {
    expect(breaches([parseSource(path, text)])).toEqual([expect.stringMatching(expected)]);
  });

  const good: [what: string, path: string, text: string][] = [
    [
      "a kernel that imports its text and src/gpu",
      "kernels/a/a.ts",
      `import w from "./a.wgsl" with { type: "text" }; import "../../src/gpu/b.ts";`,
    ],
    ["a model that uses operations", "src/models/a.ts", `import * as tf from "@tensorflow/tfjs-core"; tf.add(1, 2);`],
    ["a task that uses a metric", "src/tasks/a.ts", `import { x } from "../evaluation/b.ts";`],
    [
      "tfjs inside src/tfjs",
      "src/tfjs/a.ts",
      `import * as tf from "@tensorflow/tfjs-core"; tf.engine(); import "@tensorflow/tfjs-backend-webgpu";`,
    ],
    ["a variable that has a host's name", "src/text/a.ts", `export const f = (window: number) => window + 1;`],
    ["a member that has a host's name", "src/text/a.ts", `export const f = (a: { document: number }) => a.document;`],
    ["a word in a comment or a text", "src/text/a.ts", `// Deno.args\nexport const f = "Deno.args";`],
    [
      "the CLI with its host",
      "cli/a.ts",
      `import { join } from "node:path"; Deno.exit(join("a").length); import "../src/report/b.ts";`,
    ],
  ];

  it.each(good)("let be: %s", (_what, path, text) => {
    expect(breaches([parseSource(path, text)])).toEqual([]);
  });

  it("see an import cycle, through types too", () => {
    const files = [
      parseSource("src/text/a.ts", `import { b } from "./b.ts";`),
      parseSource("src/text/b.ts", `import type { C } from "./c.ts";`),
      parseSource("src/text/c.ts", `export * from "./a.ts";`),
    ];
    expect(breaches(files)).toEqual(["import cycle: src/text/a.ts -> src/text/b.ts -> src/text/c.ts -> src/text/a.ts"]);
  });
});

function sourcesBelow(folder: string): SourceFile[] {
  let names: string[];
  try {
    names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  } catch {
    return []; // A part of the house that is not built yet.
  }
  return names.filter((name) => name.endsWith(".ts") && !/(^|\/)dist\//.test(name))
    .map((name) => parseSource(`${folder}/${name}`, readFileSync(join(root, folder, name), "utf8")));
}
