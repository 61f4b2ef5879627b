import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DenoFiles } from "../../../cli/host/deno_files.ts";
import { Failure } from "../../../src/errors.ts";
import type { Files } from "../../../src/host.ts";
import { Crash, MemoryFiles } from "../../host/memory_files.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (read: Uint8Array | undefined) => read && new TextDecoder().decode(read);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pupil-files-"));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const implementations: [name: string, make: () => Files][] = [
  ["a folder", () => new DenoFiles(folder)],
  ["memory", () => new MemoryFiles()],
];

describe.each(implementations)("files in %s", (_name, make) => {
  it("give back what was written, and undefined for what is absent", async () => {
    const files = make();
    await files.write("a/b/c.json", bytes("one"));
    await files.write("a/b/c.json", bytes("2"));
    expect(text(await files.read("a/b/c.json"))).toBe("2");
    expect(await files.read("a/b/d.json")).toBeUndefined();
    expect(await files.read("nowhere/d.json")).toBeUndefined();
  });

  it("are read in parts", async () => {
    const files = make();
    await files.write("a/weights.bin", bytes("0123456789"));
    using file = await files.open("a/weights.bin");
    expect(file!.size).toBe(10);
    const parts = await Promise.all([[8, 10], [0, 3], [4, 4]].map(([start, end]) => file!.read(start!, end!)));
    expect(parts.map(text)).toEqual(["89", "012", ""]);
    for (const absent of ["a/b", "nowhere/b"]) expect(await files.open(absent)).toBeUndefined();
  });

  it("append in the order of the calls, awaited or not", async () => {
    const files = make();
    await Promise.all(["1", "2", "3", "4"].map((line) => files.append("seed-0/journal.jsonl", bytes(`${line}\n`))));
    await files.append("seed-0/journal.jsonl", bytes("5\n"));
    expect(text(await files.read("seed-0/journal.jsonl"))).toBe("1\n2\n3\n4\n5\n");
  });

  it("append to the new file after a write or a cut", async () => {
    const files = make();
    await files.append("log", bytes("old"));
    await files.write("log", bytes("new"));
    await files.append("log", bytes("er"));
    await files.truncate("log", 4);
    await files.append("log", bytes("!"));
    expect(text(await files.read("log"))).toBe("newe!");
  });

  it("list names directly below a folder, sorted; none where there is no folder", async () => {
    const files = make();
    for (const path of ["t/b.json", "t/a.json", "t/c/d.json"]) await files.write(path, bytes("x"));
    expect(await files.list("t")).toEqual(["a.json", "b.json", "c"]);
    expect(await files.list("")).toEqual(["t"]);
    expect(await files.list("u")).toEqual([]);
  });
});

describe("a folder on the disk", () => {
  it("keeps the old file, and lists no half one, where a writer was killed", async () => {
    const files = new DenoFiles(folder);
    await files.write("plan.json", bytes("whole"));
    await writeFile(join(folder, "plan.json.tmp"), "ha");
    expect(text(await files.read("plan.json"))).toBe("whole");
    expect(await files.list("")).toEqual(["plan.json"]);
    await files.write("plan.json", bytes("next"));
    expect(await readFile(join(folder, "plan.json"), "utf8")).toBe("next");
  });

  it("says which file cannot be written, and why", async () => {
    await writeFile(join(folder, "file"), "");
    const files = new DenoFiles(folder);
    for (const change of [files.write, files.append]) {
      const failure = await change.call(files, "file/a", bytes("x")).catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(Failure);
      expect((failure as Failure).message).toBe(`cannot write ${folder}/file/a: the folder it belongs in is a file`);
    }
  });

  it("says so where a folder stands in the place of a file", async () => {
    await mkdir(join(folder, "plan.json"));
    const files = new DenoFiles(folder);
    const wordsOnly = "[a-z ]+$";
    await expect(files.read("plan.json")).rejects.toThrow(new RegExp(`^cannot read ${folder}/plan.json: ${wordsOnly}`));
    for (const change of [files.write, files.append]) {
      const attempt = change.call(files, "plan.json", bytes("x"));
      await expect(attempt).rejects.toThrow(new RegExp(`^cannot write ${folder}/plan.json: ${wordsOnly}`));
    }
  });

  it("is claimed by one at a time, until the claim is let go", async () => {
    const [one, other] = [new DenoFiles(join(folder, "run")), new DenoFiles(join(folder, "run"))];
    const claim = await one.claim("lock");
    expect(await other.claim("lock")).toBeUndefined();
    expect(await other.claim("another")).toBeDefined();
    claim![Symbol.dispose]();
    using again = await other.claim("lock");
    expect(again).toBeDefined();
    await writeFile(join(folder, "file"), "");
    await expect(new DenoFiles(join(folder, "file")).claim("lock")).rejects.toThrow(Failure);
  });

  it("closes what it holds open and can go on", async () => {
    const files = new DenoFiles(folder);
    await files.append("log", bytes("a"));
    files.close();
    files.close();
    await files.append("log", bytes("b"));
    expect(text(await files.read("log"))).toBe("ab");
  });
});

describe("files in memory", () => {
  it("die in the middle of an append and keep its beginning", async () => {
    const files = new MemoryFiles();
    files.crashAfter(1, 2);
    await files.append("log", bytes("one\n"));
    await expect(files.append("log", bytes("two\n"))).rejects.toThrow(Crash);
    await expect(files.write("other", bytes("x"))).rejects.toThrow(Crash);
    await expect(files.read("log")).rejects.toThrow(Crash);
    const next = files.restart();
    expect(next.texts()).toEqual({ log: "one\ntw" });
    await next.append("log", bytes("o"));
    expect(next.texts()).toEqual({ log: "one\ntwo" });
  });

  it("keep the old file where they die in a write", async () => {
    const files = MemoryFiles.of({ plan: "old" });
    files.crashAfter(0);
    await expect(files.write("plan", bytes("new"))).rejects.toThrow(Crash);
    expect(files.restart().texts()).toEqual({ plan: "old" });
  });
});
