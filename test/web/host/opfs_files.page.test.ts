/// <reference lib="dom" />
/// <reference lib="dom.asynciterable" />
/// <reference lib="webworker" />
import { type Remote, wrap } from "comlink";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hash } from "../../../src/hash.ts";
import type { Tab } from "./opfs_worker.ts";

const workers: Worker[] = [];

function openTab(): Remote<Tab> {
  const worker = new Worker(new URL("./opfs_worker.ts", import.meta.url), { type: "module" });
  workers.push(worker);
  return wrap<Tab>(worker);
}

let tab: Remote<Tab>;

beforeEach(() => {
  tab = openTab();
});

afterEach(async () => {
  for (const worker of workers.splice(0)) worker.terminate();
  // Locks of a Worker that has ended may outlive it for a moment.
  for (let left = 50;; left--) {
    const root = await navigator.storage.getDirectory();
    const names = await Array.fromAsync(root.keys());
    const results = await Promise.allSettled(names.map((name) => root.removeEntry(name, { recursive: true })));
    if (results.every(({ status }) => status === "fulfilled")) break;
    if (left === 0) throw new Error(`cannot remove ${names}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What a writer without `move` has beside a file once the new bytes are whole. */
function wholeBeside(text: string): Uint8Array {
  return bytesOf(`${text}PUPILTMP${hash(text)}${bytesOf(text).length.toString(16).padStart(12, "0")}`);
}

describe("files of the browser", () => {
  it("are written, read, listed and removed, in folders that are made on the way", async () => {
    expect(await tab.read("runs/demo/plan.json")).toBe(undefined);
    expect(await tab.list("runs")).toEqual([]);
    await tab.write("runs/demo/plan.json", "{}");
    await tab.write("runs/demo/self/seed-0/scores-1.bin", "");
    await tab.write("runs/demo/plan.json", "{ }");
    expect(await tab.read("runs/demo/plan.json")).toBe("{ }");
    expect(await tab.read("runs/demo/self/seed-0/scores-1.bin")).toBe("");
    expect(await tab.list("runs/demo")).toEqual(["plan.json", "self"]);
    for (const outside of ["../plan.json", "runs/../plan.json", "C:\\plan.json"]) {
      expect(await tab.read(outside)).toBe(undefined);
    }
    await tab.remove("runs/demo/plan.json");
    await tab.remove("runs/demo/never.json");
    expect(await tab.list("runs/demo")).toEqual(["self"]);
    await tab.removeFolder("runs/demo");
    await tab.removeFolder("runs/demo");
    expect(await tab.list("runs")).toEqual([]);
  });

  it("are read in parts", async () => {
    await tab.write("models/a/weights.bin", "0123456789");
    expect(await tab.readParts("models/a/weights.bin", [[8, 10], [0, 3], [4, 4]])).toEqual([10, "89", "012", ""]);
    expect(await tab.readParts("models/b/weights.bin", [])).toBe(undefined);
    expect(await tab.readParts("../weights.bin", [])).toBe(undefined);
  });

  it("are read while they are open to be appended to, and keep the order of appends that nobody awaited", async () => {
    const lines = Array.from({ length: 200 }, (_, index) => `{"line":${index},"text":"письмо"}\n`);
    await tab.appendAll("a/journal.jsonl", lines);
    expect(await tab.read("a/journal.jsonl")).toBe(lines.join(""));
    expect(await tab.sizeOf("a")).toEqual([{ path: "a/journal.jsonl", bytes: bytesOf(lines.join("")).length }]);
    await tab.truncate("a/journal.jsonl", 9);
    await tab.append("a/journal.jsonl", "x");
    expect(await tab.read("a/journal.jsonl")).toBe('{"line":0x');
    await tab.write("a/journal.jsonl", "whole");
    await tab.append("a/journal.jsonl", "!");
    expect(await tab.read("a/journal.jsonl")).toBe("whole!");
  });

  it("are read as they were when that was asked for, with writes on the way", async () => {
    const long = "x".repeat(300_000);
    expect(await tab.writeAndRead("a", ["first", long, "last"])).toBe("last");
    expect(await tab.read("a")).toBe("last");
  });

  it("outlive the tab", async () => {
    await tab.write("kept", "1");
    await tab.append("grown", "2");
    for (const worker of workers) worker.terminate();
    tab = openTab();
    expect([await tab.read("kept"), await tab.read("grown")]).toEqual(["1", "2"]);
  });

  it("take what is said per folder", async () => {
    await tab.write("runs/a/plan.json", "12345");
    await tab.write("runs/a/self/seed-0/journal.jsonl", "123");
    await tab.write("runs/b/plan.json", "1");
    await tab.append("runs/b/journal.jsonl", "1234");
    expect(await tab.sizeOf("runs")).toEqual([{ path: "runs/a", bytes: 8 }, { path: "runs/b", bytes: 5 }]);
    expect(await tab.sizeOf("nothing")).toEqual([]);
    const { used, allowed, kept } = await tab.storageEstimate();
    expect(allowed).toBeGreaterThan(used);
    expect(kept).toBe(false);
  });

  it("are moved in the place of others, with what was added to them just now", async () => {
    await tab.write("b/whole", "old");
    await tab.append("a/part", "1");
    await tab.append("a/part", "2");
    await tab.move("a/part", "b/whole");
    expect([await tab.read("a/part"), await tab.read("b/whole")]).toEqual([undefined, "12"]);
    await tab.append("b/whole", "3");
    await tab.move("b/whole", "c/d/new");
    expect([await tab.list("b"), await tab.read("c/d/new")]).toEqual([[], "123"]);
    await tab.write("from", "longer");
    await tab.write("to", "1234567890");
    await tab.moveSlowly("from", "to");
    expect([await tab.read("from"), await tab.read("to")]).toEqual([undefined, "longer"]);
    await expect(tab.move("none", "to")).rejects.toThrow(/^cannot write to: /);
  });

  it("go with their folder, those that are being written too", async () => {
    await tab.write("hub/a/whole", "1");
    await tab.append("hub/a/b/part", "2");
    await tab.remove("hub/a");
    await tab.remove("hub/a");
    expect(await tab.list("hub")).toEqual([]);
  });

  it("are refused before they come where there is no room for them", async () => {
    await tab.makeRoom(1000);
    await expect(tab.makeRoom(1e15)).rejects.toThrow(/^it takes \d+ MB, and the browser leaves this page \d+ MB\n/);
  });

  it("refuse what is not a file in words", async () => {
    await tab.write("a/b", "1");
    await expect(tab.read("a")).rejects.toThrow("cannot read a: a folder and a file would have the same name");
    await expect(tab.write("a/b/c", "1")).rejects.toThrow(/^cannot write a\/b\/c: a folder and a file/);
    await expect(tab.write("a/../b", "1")).rejects.toThrow(/^cannot write a\/\.\.\/b: /);
    await expect(tab.truncate("none", 0)).rejects.toThrow(/^cannot write none: /);
  });
});

describe("a file that is replaced", () => {
  it("is replaced in one step by this browser", async () => {
    expect(await tab.moveReplaces()).toBe(true);
  });

  it("leaves nothing beside it", async () => {
    await tab.write("a", "1");
    await tab.write("a", "2");
    await tab.replaceSlowly("a", "3");
    const root = await navigator.storage.getDirectory();
    expect(await Array.fromAsync(root.keys())).toEqual(["a"]);
    expect(await tab.read("a")).toBe("3");
  });

  it("is the old one where the writer was cut before the new one was whole", async () => {
    await tab.write("a", "old");
    for (const beside of [bytesOf("ne"), bytesOf(""), wholeBeside("new").slice(0, -1), wholeBeside("new").slice(1)]) {
      await tab.leave("a.tmp", beside);
      expect(await tab.read("a")).toBe("old");
      expect(await tab.list("")).toEqual(["a"]);
    }
    await tab.append("a", "er");
    expect(await tab.read("a")).toBe("older");
    await tab.write("a", "new");
    expect(await tab.read("a")).toBe("new");
  });

  it("is the new one where the writer, without a browser's move, was cut after it was whole", async () => {
    await tab.leave("a.tmp", wholeBeside("новое"));
    expect(await tab.read("a")).toBe("новое");
    expect(await tab.list("")).toEqual(["a"]);
    await tab.leave("a", bytesOf("но"));
    expect(await tab.read("a")).toBe("новое");
    await tab.append("a", "!");
    expect(await tab.read("a")).toBe("новое!");
    await tab.close();
    expect(await tab.read("a")).toBe("новое!");
    await tab.leave("b.tmp", wholeBeside("123"));
    await tab.leave("b", bytesOf("1"));
    await tab.truncate("b", 2);
    expect(await tab.read("b")).toBe("12");
  });
});

describe("two tabs", () => {
  it("read each other's files, whole, while one writes", async () => {
    const other = openTab();
    await tab.append("journal", "1\n");
    expect(await other.read("journal")).toBe("1\n");
    const texts = ["a", "b"].map((letter) => letter.repeat(200_000));
    await tab.write("file", texts[0]!);
    const writing = (async () => {
      for (let time = 0; time < 30; time++) await tab.write("file", texts[time % 2]!);
    })();
    for (let time = 0; time < 30; time++) expect(texts).toContain(await other.read("file"));
    await writing;
  });

  it("cannot both append to one file, and say so", async () => {
    const other = openTab();
    await tab.append("journal", "1\n");
    await expect(other.append("journal", "2\n")).rejects.toThrow(
      /^cannot write journal: another tab of this page has it open/,
    );
    await expect(other.write("journal", "2\n")).rejects.toThrow(/another tab/);
    await expect(other.removeFolder("journal")).rejects.toThrow(/^cannot remove journal: another tab/);
    expect(await tab.read("journal")).toBe("1\n");
    await tab.close();
    await other.append("journal", "2\n");
    expect(await tab.read("journal")).toBe("1\n2\n");
  });

  it("cannot both claim one run, until the first lets it go or is closed", async () => {
    const other = openTab();
    expect(await tab.claim("runs/demo")).toBe(true);
    expect(await other.claim("runs/demo")).toBe(false);
    expect(await other.claim("runs/another")).toBe(true);
    await tab.unclaim();
    expect(await other.claim("runs/demo")).toBe(true);
    workers[1]!.terminate();
    await expect.poll(() => tab.claim("runs/demo")).toBe(true);
  });
});
