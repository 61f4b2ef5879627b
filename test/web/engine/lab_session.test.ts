import { memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { execute } from "../../../src/experiment/execute.ts";
import { readJournal } from "../../../src/experiment/read_journal.ts";
import { prepare } from "../../../src/experiment/prepare.ts";
import { below } from "../../../src/host.ts";
import { useGpu } from "../../../src/tfjs/setup.ts";
import type { Computer, Settings } from "../../../web/engine/api.ts";
import type { LabSession } from "../../../web/engine/lab_session.ts";
import { restlessClock } from "../../experiment/stub_plan.ts";
import { projectFiles } from "../../fixtures/project_files.ts";
import { testGpu } from "../../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../../host/memory_files.ts";
import { newRoot, type Opened, openLab as openLabOn, planOf, points } from "./open_lab.ts";

let computer: Computer;
let open: LabSession[] = [];

beforeAll(async () => {
  const gpu = await testGpu();
  await useGpu(gpu);
  computer = { name: gpu.name, backend: "webgpu", software: gpu.software };
}, 300_000);

afterEach(async () => {
  for (const session of open) await session.close();
  open = [];
});

async function openLab(root: MemoryFiles, changes: Partial<Settings> = {}, start = true): Promise<Opened> {
  const opened = await openLabOn(root, computer, changes, start);
  open.push(opened.session);
  return opened;
}

const journalOf = async (root: MemoryFiles, name: string, experiment: string) => {
  const path = `runs/${name}/${experiment}/seed-3/journal.jsonl`;
  return readJournal((await root.read(path))!, path).events.map((event) =>
    event.event === "score" ? { ...event, seconds: 0 } : event
  );
};

describe("a session of the lab", () => {
  it("records what the bare engine records under the same plan", async () => {
    const root = newRoot();
    const { session, until } = await openLab(root);
    await until((state) => points(state).every((count) => count >= 3));
    await session.close();

    const { experiments } = await planOf(newRoot(), computer);
    const plan = await prepare(experiments, { assets: projectFiles, userFiles: newRoot() });
    for (const name of ["self", "random"]) {
      const bare = new MemoryFiles();
      const runs = plan.runs.filter(({ config }) => config.name === name);
      const known = await journalOf(root, session.folder, name);
      for await (
        const event of execute({ ...plan, runs }, {
          files: below(bare, `runs/${session.folder}`),
          clock: restlessClock(),
        })
      ) {
        if (event.kind === "run" && event.event.kind === "journal" && event.event.event.round > 2) break;
      }
      const expected = await journalOf(bare, session.folder, name);
      const early = (events: typeof known) => events.filter(({ round }) => round <= 2);
      expect(early(known)).toEqual(early(expected));
      expect(known.filter(({ event }) => event === "evaluate").length).toBeGreaterThanOrEqual(3);
    }
  });

  it("looks at every round: the engine's picks are those of the look's strategy, and the plane spreads them out", async () => {
    const root = newRoot();
    const { session, until } = await openLab(root);
    await until((state) => state.views.length >= 2);
    const journal = await journalOf(root, session.folder, "self");
    for (const round of [1, 2]) {
      const view = (await session.view(round))!;
      const acquired = journal.flatMap((event) =>
        event.event === "acquire" && event.round === round ? [event.ids] : []
      );
      const picked = view.picks.entropy!.map((place) => view.ids[place]);
      // The look at a round comes a moment before its picks are recorded.
      expect(acquired).toEqual(round === 1 || acquired.length > 0 ? [picked] : []);
      const labelled = view.labelled.reduce((sum, each) => sum + each, 0);
      expect(labelled).toBe(10 + (round - 1) * 10);
      expect(view.ids.length).toBeGreaterThan(200);
      for (const axis of [view.x, view.y]) {
        expect(Math.max(...axis.map(Math.abs))).toBeCloseTo(1, 5);
        expect(new Set(axis).size).toBeGreaterThan(100);
      }
      const pick = view.ids[view.picks.entropy![0]!]!;
      const example = (await session.example(pick, round))!;
      expect(example.acquisition!.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 4);
      const entropy = -example.acquisition!.reduce((sum, each) => sum + (each > 0 ? each * Math.log(each) : 0), 0);
      expect(entropy).toBeCloseTo(example.entropy, 3);
      expect(example.successor, "it has learned from the same labels").toEqual(example.acquisition);
    }
  });

  it("goes a round at a time, and continues where it was left", async () => {
    const root = newRoot();
    const first = await openLab(root, {}, false);
    first.session.oneRound();
    const paused = await first.until((state) => state.phase === "paused" && Math.min(...points(state)) === 1);
    expect(points(paused).every((count) => count <= 2)).toBe(true);
    await first.session.close();
    const before = (await root.read(`runs/${first.session.folder}/self/seed-3/journal.jsonl`))!.length;
    const again = await openLab(root, {}, false);
    const kept = await again.until((each) => each.phase === "paused" && Math.min(...points(each)) === 1);
    expect(kept.views, "what is kept is shown before anything goes on").toEqual(paused.views);
    again.session.oneRound();
    const state = await again.until((each) => each.phase === "paused" && Math.min(...points(each)) === 2);
    expect(state.arms.map(({ scores }) => scores[0])).toEqual(paused.arms.map(({ scores }) => scores[0]));
    expect((await root.read(`runs/${first.session.folder}/self/seed-3/journal.jsonl`))!.length).toBeGreaterThanOrEqual(
      before,
    );
  });

  it("shares trainings: another strategy's random twin needs none", async () => {
    const root = newRoot();
    const { session, until } = await openLab(root);
    await until((state) => points(state)[1]! >= 3);
    await session.close();
    const other = await openLab(root, { strategy: "margin" });
    const trained: string[] = [];
    await other.until((state) => {
      if (state.activity?.what === "training" && state.activity.experiment === "random") trained.push("random");
      return points(state)[1]! >= 3;
    });
    expect(trained).toEqual([]);
    expect(other.session.folder).not.toBe(session.folder);
  });

  it("lets a person label, and the twin by the data's own labels", async () => {
    const root = newRoot();
    const { session, until } = await openLab(root, { oracle: "person", step: 2 });
    const { asked } = await until((state) => state.asked !== undefined);
    expect(asked!.examples).toHaveLength(4);
    const [one, two, three, four] = asked!.examples.map(({ id }) => id) as [string, string, string, string];
    session.answer(one, "bills");
    session.answer(two, null);
    session.answer(three, "spam");
    session.finishBatch();
    await until((state) => state.asked!.examples.filter(({ answer }) => answer !== undefined).length === 3);
    session.answer(one, "news");
    session.answer(four, "bills");
    await until((state) => state.asked!.examples.every(({ answer }) => answer !== undefined));
    session.finishBatch();
    const finished = await until((state) => state.asked === undefined);
    expect(finished.activity?.experiment, "it waits for the twin, and takes no correction").not.toBe("self");
    session.answer(four, "spam");
    const { asked: next } = await until((state) => state.asked?.round === 1);
    expect(next!.examples).toHaveLength(2);
    const labels = (await journalOf(root, session.folder, "self")).filter((event) => event.event === "label");
    expect(labels.map((event) => event.event === "label" && [event.id, event.label, event.by])).toEqual([
      [one, "bills", "person"],
      [two, null, "person"],
      [three, "spam", "person"],
      [one, "news", "person"],
      [four, "bills", "person"],
    ]);
  });

  it("holds no more tensors in one round than in another", async () => {
    const { session, until } = await openLab(newRoot());
    const held: number[] = [];
    for (const round of [2, 3, 4]) {
      await until((state) => points(state)[0]! >= round && state.activity?.what === "training");
      held.push(memory().numTensors);
    }
    await session.close();
    expect(Math.max(...held) - Math.min(...held)).toBeLessThanOrEqual(40);
    expect(memory().numTensors).toBeLessThan(20);
  });
});
