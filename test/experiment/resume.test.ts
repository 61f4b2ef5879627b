import { describe, expect, it } from "vitest";
import type { SamplingType } from "../../src/config/schema.ts";
import { Interrupted } from "../../src/errors.ts";
import { execute } from "../../src/experiment/execute.ts";
import type { PreparedPlan } from "../../src/experiment/prepare.ts";
import { decodeScores } from "../../src/experiment/score_file.ts";
import { Crash, MemoryFiles } from "../host/memory_files.ts";
import {
  type Changes,
  executeAll,
  experiment,
  group,
  prepareStub,
  restlessClock,
  withoutSeconds,
} from "./stub_plan.ts";
import { type StubLog, stubTask } from "./stub_task.ts";

/** More than ten rounds: numbers of two digits must not sort before those of one. */
const queries = 12;

const arms: [name: string, changes: Changes][] = [
  ["random", { al: { strategy: "random", num_queries: queries } }],
  ["lc over the whole pool", { al: { num_queries: queries } }],
  ["naive", { al: { num_queries: queries, ...sampled("naive", 12) } }],
  ["ups", { acquisition: "bag-64", al: { num_queries: queries, ...sampled("ups", 0.1) } }],
];

function sampled(sampling_type: SamplingType, gamma_or_k_confident_to_save: number) {
  return { sampling_type, gamma_or_k_confident_to_save };
}

/** All that two runs must agree on: every file but the seconds in it, scores as numbers. */
async function contents(files: MemoryFiles): Promise<Record<string, unknown>> {
  const texts = withoutSeconds(files.texts());
  const scores = Object.keys(texts).filter((path) => path.endsWith(".bin"));
  const decoded = await Promise.all(
    scores.map(async (path) => [path, decodeScores((await files.read(path))!, path)] as const),
  );
  return { ...texts, ...Object.fromEntries(decoded) };
}

async function uninterrupted(plan: PreparedPlan): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  await executeAll(plan, files);
  return files;
}

describe("a run that is killed and started again", () => {
  it.each(arms)("at any write ends as if it had not been: %s", async (_name, changes) => {
    const plan = await prepareStub([experiment({ ...changes, data: { validation: 0.1 } })]);
    const whole = await uninterrupted(plan);
    const expected = await contents(whole);
    expect(whole.changes).toBeGreaterThan(80);
    for (let write = 0; write < whole.changes; write++) {
      const files = new MemoryFiles();
      // What an append leaves of its line: nothing, a part, or all but the line end.
      files.crashAfter(write, [0, 1, 17, 40, 1000][write % 5]);
      await expect(executeAll(plan, files)).rejects.toThrow(Crash);
      const next = files.restart();
      await executeAll(plan, next);
      expect(await contents(next), `killed at write ${write}`).toEqual(expected);
    }
  });

  it("again and again makes progress every time, and ends the same", async () => {
    const plan = await prepareStub(group({ seeds: [0, 1], al: { num_queries: 2, ...sampled("ups", 0.1) } }));
    const whole = await uninterrupted(plan);
    let files = new MemoryFiles();
    let deaths = 0;
    for (; deaths < 1000; deaths++) {
      // A torn line costs a write to cut it off, and what it held is written again.
      files.crashAfter(2 + deaths % 5, deaths % 23);
      const died = await executeAll(plan, files).then(() => false, (thrown) => thrown instanceof Crash);
      if (!died) break;
      files = files.restart();
    }
    expect(deaths).toBeGreaterThan(50);
    expect(await contents(files)).toEqual(await contents(whole));
  });

  it("says that a torn line was dropped, and repeats nothing that was finished", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    const plan = await prepareStub([experiment()], { task: stubTask(log) });
    const whole = await uninterrupted(plan);
    const path = "self/seed-0/journal.jsonl";
    const journal = whole.texts()[path]!;
    const lines = journal.trimEnd().split("\n");
    const files = whole.restart();
    await files.write(
      path,
      new TextEncoder().encode(lines.slice(0, -1).join("\n") + "\n" + lines.at(-1)!.slice(0, 20)),
    );
    log.trained.length = 0;
    const events = await executeAll(plan, files);
    const notices = events.flatMap((event) =>
      event.kind === "run" && event.event.kind === "notice" ? [event.event.text] : []
    );
    expect(notices).toEqual([`memory:${path}: its last line was cut short by a crash and has been dropped`]);
    expect(log.trained, "the evaluation was kept beside the training").toEqual([]);
    expect(files.texts()[path]).toBe(journal);
  });

  it("keeps a whole last line that only lacks its end", async () => {
    const plan = await prepareStub([experiment()]);
    const whole = await uninterrupted(plan);
    const path = "self/seed-0/journal.jsonl";
    const files = whole.restart();
    await files.truncate(path, new TextEncoder().encode(whole.texts()[path]).length - 1);
    const events = await executeAll(plan, files);
    expect(events.some((event) => event.kind === "run" && event.event.kind === "notice")).toBe(false);
    expect(files.texts()).toEqual(whole.texts());
  });

  it("brings curves.csv up to date that the last process died before", async () => {
    const plan = await prepareStub(group());
    const whole = await uninterrupted(plan);
    const files = whole.restart();
    await files.write("curves.csv", new TextEncoder().encode("old"));
    await executeAll(plan, files);
    expect(files.texts()).toEqual(whole.texts());
  });
});

describe("a finished plan", () => {
  it("is replayed: the same events, no training, nothing written", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    const plan = await prepareStub(group(), { task: stubTask(log) });
    const files = new MemoryFiles();
    const first = await executeAll(plan, files);
    const { changes } = files;
    log.trained.length = 0;
    const second = await executeAll(plan, files);
    expect([log.trained, files.changes]).toEqual([[], changes]);
    const said = (events: typeof first) =>
      events.flatMap((event) => (event.kind === "run" && event.event.kind === "journal" ? [event.event.event] : []));
    expect(said(second)).toEqual(said(first));
  });
});

describe("a plan that is stopped", () => {
  it("by the signal is whole on the disk, and goes on", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    const plan = await prepareStub(group(), { task: stubTask(log) });
    const expected = await contents(await uninterrupted(plan));
    for (const stopAt of [3, 10, 40, 75, 110]) {
      const files = new MemoryFiles();
      const stopping = new AbortController();
      let seen = 0;
      const run = async () => {
        for await (const _event of execute(plan, { files, clock: restlessClock(), signal: stopping.signal })) {
          if (++seen === stopAt) stopping.abort();
        }
      };
      await expect(run()).rejects.toThrow(Interrupted);
      expect(seen, "it stops at once").toBe(stopAt);
      for (const [path, text] of Object.entries(files.texts())) {
        if (path.endsWith(".jsonl")) expect(text, path).toMatch(/\n$/);
      }
      await executeAll(plan, files);
      expect(await contents(files), `stopped at event ${stopAt}`).toEqual(expected);
    }
    expect(log.alive).toBe(0);
  });

  it("by not asking for its events any more lets go of every model", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    const plan = await prepareStub(group(), { task: stubTask(log) });
    let aliveBefore = 0;
    for await (const event of execute(plan, { files: new MemoryFiles(), clock: restlessClock() })) {
      aliveBefore = Math.max(aliveBefore, log.alive);
      if (event.kind === "run" && event.event.kind === "training" && event.event.round === 2) break;
    }
    expect(aliveBefore).toBeGreaterThan(0);
    expect(log.alive).toBe(0);
  });
});

describe("the same plan twice", () => {
  it("writes the same files but for the seconds", async () => {
    const experiments = group({ seeds: [0, 1], al: sampled("random", 20) });
    const first = await uninterrupted(await prepareStub(experiments));
    const second = await uninterrupted(await prepareStub(experiments));
    expect(second.texts()).not.toEqual(first.texts());
    expect(await contents(second)).toEqual(await contents(first));
  });
});
