import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseTorchTimes, type TorchWish } from "../../bench/peers/torch_times.ts";
import { runTorch } from "../../cli/bench/run_torch.ts";
import { Interrupted } from "../../src/errors.ts";

const wish: TorchWish = { shapes: [[1, 16, 2, 8, 2, 50], [2, 16, 2, 8, 2, 50]], device: "cpu", seconds: 1 };
const times = {
  version: "2.5.1",
  device: "cpu",
  threads: 2,
  rows: [{ shape: wish.shapes[0]!, ms: 12.5 }, { shape: wish.shapes[1]!, ms: 20 }],
};
const signal = new AbortController().signal;

describe("what torch_bert.py prints", () => {
  it("is read", () => {
    expect(parseTorchTimes(JSON.stringify(times), wish)).toEqual(times);
  });

  it.each([
    ["no JSON", "Segmentation fault"],
    ["another document", "{}"],
    ["a time that is none", JSON.stringify({ ...times, rows: [{ shape: wish.shapes[0], ms: "fast" }] })],
    ["other shapes", JSON.stringify({ ...times, rows: [...times.rows].reverse() })],
    ["a shape too few", JSON.stringify({ ...times, rows: times.rows.slice(1) })],
  ])("is refused where it is %s", (_what, text) => {
    expect(() => parseTorchTimes(text, wish)).toThrow(/^torch_bert\.py printed something else than times: /);
  });
});

describe.runIf(Deno.build.os !== "windows")("PyTorch", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pupil-torch-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A python3 that has torch, and whose answer to the script is `body`. */
  const python = async (body: string, hasTorch = true) => {
    const path = join(folder, "python3");
    const look = `case "$2" in -c) exit ${hasTorch ? 0 : 1} ;; esac`;
    await writeFile(path, `#!/bin/sh\n${look}\n${body}\n`);
    await chmod(path, 0o755);
    return path;
  };

  it("is asked for the shapes, by the script, and its times are read", async () => {
    const path = await python(`printf '%s\\n' "$@" > '${folder}/asked'; echo '${JSON.stringify(times)}'`);
    expect(await runTorch(wish, signal, path)).toEqual(times);
    const [flag, script, asked] = (await readFile(join(folder, "asked"), "utf8")).split("\n");
    expect(flag).toBe("-B");
    expect(await readFile(script!, "utf8")).toContain("import torch\n");
    expect(JSON.parse(asked!)).toEqual(wish);
  });

  it("is skipped with a line where there is no python, or none with torch", async () => {
    const missing = join(folder, "nothing");
    const line = (path: string) => ({ skipped: `PyTorch is not measured: ${path} with torch is not installed` });
    expect(await runTorch(wish, signal, missing)).toEqual(line(missing));
    const bare = await python("exit 1", false);
    expect(await runTorch(wish, signal, bare)).toEqual(line(bare));
  });

  it("is skipped with its own last words where it fails, and where it prints something else", async () => {
    const failing = await python("echo 'Traceback:' >&2; echo 'RuntimeError: out of memory' >&2; exit 1");
    expect(await runTorch(wish, signal, failing)).toEqual({
      skipped: "PyTorch is not measured: RuntimeError: out of memory",
    });
    const silent = await python("exit 3");
    expect(await runTorch(wish, signal, silent)).toEqual({
      skipped: `PyTorch is not measured: ${silent} ended with 3`,
    });
    const babbling = await python("echo hello");
    expect(await runTorch(wish, signal, babbling)).toEqual({
      skipped: "PyTorch is not measured: torch_bert.py printed something else than times: hello",
    });
  });

  it("is stopped where the bench is", async () => {
    const slow = await python("exec sleep 60");
    const stopping = new AbortController();
    const running = runTorch(wish, stopping.signal, slow);
    setTimeout(() => stopping.abort(), 300);
    await expect(running).rejects.toThrow(new Interrupted("interrupted; a bench keeps nothing, and begins anew"));
  });
});
