import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canonicalJson, hash } from "../../../src/hash.ts";
import type { LabState } from "../../../web/engine/api.ts";
import { LabEngine } from "../../../web/engine/lab_engine.ts";
import type { OpfsFiles } from "../../../web/host/opfs_files.ts";
import { jsonLines, restlessClock, topicRows } from "../../experiment/stub_plan.ts";
import { projectFiles } from "../../fixtures/project_files.ts";
import { MemoryFiles } from "../../host/memory_files.ts";
import { wasmFiles } from "../../tfjs/wasm_files.ts";
import { planOf, settings, summaryOf } from "./open_lab.ts";

let engine: LabEngine;
let state: LabState | undefined;
let watchers: ((state: LabState) => void)[];

async function start(root: MemoryFiles): Promise<void> {
  const claim = () => Promise.resolve({ [Symbol.dispose]: () => {} });
  engine = new LabEngine({
    root: Object.assign(root, { claim, close: () => {} }) as unknown as OpfsFiles,
    assets: projectFiles,
    clock: restlessClock(),
    wasm: wasmFiles,
    versions: {},
  });
  await engine.start("wasm", (told) => {
    state = told;
    for (const watcher of watchers) watcher(told);
  });
}

function until(wanted: (state: LabState) => boolean): Promise<LabState> {
  return new Promise((resolve) => {
    const watcher = (told: LabState) => wanted(told) && resolve(told);
    watchers.push(watcher);
    if (state) watcher(state);
  });
}

/** The topics, of which the first have labels. */
function rootOf(rows: number, labelled: number): MemoryFiles {
  const texts = topicRows("train", rows).map(({ id, text, label }, index) =>
    index < labelled ? { id, text, label } : { id, text }
  );
  return MemoryFiles.of({
    "data/topics.jsonl": jsonLines(texts),
    "data/topics.json": JSON.stringify(summaryOf(rows, labelled)),
  });
}

beforeEach(() => {
  [state, watchers] = [undefined, []];
});
afterEach(() => engine.close());

describe("Restart", () => {
  it("cures a run whose training does not repeat", async () => {
    const root = rootOf(60, 60);
    await start(root);
    const isTwoAlong = ({ arms }: LabState) => arms[0] !== undefined && arms[0].scores.length > 1;
    await engine.open(settings, true);
    const { folder } = await until(isTwoAlong);
    await engine.close();
    // As another driver would have it, whose weights are gone.
    for (const [path, text] of Object.entries(root.texts())) {
      if (!path.includes("trainings/")) continue;
      const { evaluation: _, ...record } = JSON.parse(text);
      await root.write(path, new TextEncoder().encode(JSON.stringify({ ...record, losses: [7] }) + "\n"));
    }
    await root.removeFolder(`runs/${folder}`);
    state = undefined;
    await engine.open(settings, true);
    expect((await until(({ phase }) => phase === "failed")).error).toContain("does not repeat");
    state = undefined;
    await engine.restart();
    expect((await until((told) => told.phase === "failed" || isTwoAlong(told))).error).toBe(undefined);
  });

  it("asks again for what curves are measured with", async () => {
    const root = rootOf(60, 0);
    await start(root);
    await engine.open({ ...settings, oracle: "person" }, true);
    const [first] = (await until(({ asked }) => asked !== undefined)).asked!.examples;
    await engine.answer(first!.id, "spam");
    await until(({ labelled }) => labelled === 1);
    await engine.restart();
    const { asked, labelled } = await until((told) => told.labelled === 0);
    expect([asked!.examples.length, labelled]).toEqual([20, 0]);
    expect(await root.list("data")).toEqual(["topics.json", "topics.jsonl"]);
  });
});

describe("few texts", () => {
  it.each([2, 15, 25])("of which none is labelled, %i, are halved, and learned from", async (rows) => {
    await start(rootOf(rows, 0));
    await engine.open({ ...settings, oracle: "person", step: 10 }, true);
    const { examples, classes } = (await until(({ asked }) => asked !== undefined)).asked!;
    expect(examples).toHaveLength(Math.floor(rows / 2));
    for (const [index, { id }] of examples.entries()) await engine.answer(id, classes[index % 3]!);
    await engine.finishBatch();
    const { asked } = await until((told) => told.asked?.round === 0);
    expect(asked!.examples).toHaveLength(Math.max(1, Math.floor(Math.ceil(rows / 2) / 2)));
  });

  it("are refused at once where there is one", async () => {
    await start(rootOf(1, 0));
    await expect(engine.open({ ...settings, oracle: "person" }, true)).rejects.toThrow("'Topics' has one text only");
  });

  it("that have labels, 24, are run at the usual step", async () => {
    await start(rootOf(24, 24));
    await engine.open({ ...settings, step: 20 }, true);
    const { arms, error } = await until(({ phase }) => phase === "finished" || phase === "failed");
    expect(error).toBe(undefined);
    expect(arms.map(({ scores }) => scores.length)).toEqual([2, 2]);
  });
});

it("other texts under the same name are another run, and those of the project keep theirs", async () => {
  const computer = { name: "WebAssembly", backend: "wasm", software: true } as const;
  const folderOf = async (root: MemoryFiles) => (await planOf(root, computer)).folder;
  const corrected = rootOf(60, 60);
  await corrected.append("data/topics.jsonl", new TextEncoder().encode("\n"));
  expect(await folderOf(rootOf(60, 60))).toBe(await folderOf(rootOf(60, 60)));
  expect(await folderOf(rootOf(60, 60))).not.toBe(await folderOf(corrected));
  const { experiments, folder } = await planOf(new MemoryFiles(), computer, { data: "mail" });
  expect(folder).toBe(`mail-entropy-s3-${hash(canonicalJson([experiments, computer.name]), 6)}`);
});
