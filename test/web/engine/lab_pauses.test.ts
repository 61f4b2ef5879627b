import { memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { useWasm } from "../../../src/tfjs/wasm.ts";
import type { Computer, Settings } from "../../../web/engine/api.ts";
import type { LabSession } from "../../../web/engine/lab_session.ts";
import type { MemoryFiles } from "../../host/memory_files.ts";
import { wasmFiles } from "../../tfjs/wasm_files.ts";
import { newRoot, openLab, points } from "./open_lab.ts";

/** Two models, so that self-selection is a third run. */
const mismatched: Partial<Settings> = { acquisition: "encoder-32" };
const computer: Computer = { name: "WebAssembly", backend: "wasm", software: true };

const open: LabSession[] = [];
async function opened(root: MemoryFiles, changes: Partial<Settings> = mismatched, start = true) {
  const lab = await openLab(root, computer, changes, start);
  open.push(lab.session);
  return lab;
}

beforeAll(() => useWasm(wasmFiles));
afterEach(async () => {
  for (const session of open.splice(0)) await session.close();
});

describe("a session of the lab that is held", () => {
  it("prepares until a model is at work", async () => {
    const { until } = await opened(newRoot());
    expect((await until(() => true)).phase).toBe("preparing");
    expect((await until(({ phase }) => phase !== "preparing")).activity?.what).toBe("training");
  });

  it("lets self-selection catch up, and then holds it too", async () => {
    const { session, until } = await opened(newRoot(), mismatched, false);
    for (const round of [1, 2]) {
      session.oneRound();
      await until((state) => state.phase === "paused" && points(state).slice(0, 2).every((count) => count === round));
    }
    const before = session.state;
    expect(before.canAddSelf).toBe(true);
    await session.withSelf();
    const after = await until((state) => state.phase === "paused" && points(state)[2] === 2);
    expect(points(after)).toEqual([2, 2, 2]);
    expect(after.arms.slice(0, 2)).toEqual(before.arms.slice(0, 2));
    expect(after.reu?.rows).toHaveLength(1);
    expect(after.canAddSelf).toBe(false);
    await session.withSelf();
    expect(points(session.state), "once is enough").toEqual([2, 2, 2]);
  });

  it("ends while it is held, and at any moment, and holds nothing then", async () => {
    const before = memory().numTensors;
    const root = newRoot();
    const held = await opened(root, mismatched, false);
    await held.session.close();
    for (const what of ["training", "scoring", "evaluating"]) {
      const { session, until } = await opened(root);
      await until(({ activity }) => activity?.what === what);
      session.pause();
      await session.close();
      expect(memory().numTensors, `while ${what}`).toBe(before);
    }
  });

  it("holds as many tensors after many strategies as before", async () => {
    const before = memory().numTensors;
    const root = newRoot();
    for (const strategy of ["entropy", "margin", "lc", "entropy", "margin"]) {
      const { session, until } = await opened(root, { ...mismatched, strategy });
      await until((state) => state.views.length >= 2 && state.activity?.what === "training");
      await session.close();
      expect(memory().numTensors, strategy).toBe(before);
    }
  });
});
