import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { strayTexts } from "./texts.ts";

const root = join(import.meta.dirname!, "../..");

/** Binary files, and what others wrote. */
const foreign = /\.(?:gz|safetensors|png|woff2)$|^test\/fixtures\/|^deno\.lock$|^LICENSE$/;

/** Every file that is, or is about to be, part of the project. */
function projectFiles(context: TestContext): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  try {
    const listed = execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return listed.split("\0").filter((path) => path !== "" && !foreign.test(path));
  } catch {
    const reason = "git does not list the project's files here";
    // deno-lint-ignore no-console -- The default reporter counts skipped tests without their reasons.
    console.warn(`skipped: ${reason}`);
    return context.skip(reason);
  }
}

/** Nothing where a file was removed since. */
function textOf(path: string): string {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return "";
  }
}

describe("the project's texts", () => {
  it("speak of nothing but the project", (context) => {
    const files = projectFiles(context);
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((path) => strayTexts(path, textOf(path)))).toEqual([]);
  });

  // Put together here, so that this file itself passes.
  it.each([
    ["a folder of one machine", ["see ", "work", "main/src"].join("/")],
    ["a folder of one machine", ["", "tmp", "scratch"].join("/")],
    ["the host of a registry", ["https://registry", "npmjs", "org"].join(".")],
    ["the number of an issue", ["fixes issue ", "12"].join("#")],
    ["a session of work", ["as found in an earlier", "session"].join(" ")],
    ["something left to do", ["// TO", "DO: later"].join("")],
  ])("would be caught with %s", (what, text) => {
    expect(strayTexts("a.md", `fine\n${text}`)).toEqual([expect.stringContaining(`a.md:2: ${what}`)]);
  });

  it.each([
    "the framework/main branch",
    ["src", "work", "a.ts"].join("/"),
    "the user's session",
    "sessionStorage",
    "#1f77b4",
    "${TMPDIR:-/tmp}/x",
  ])(
    "let be: %s",
    (text) => expect(strayTexts("a.md", text)).toEqual([]),
  );
});
