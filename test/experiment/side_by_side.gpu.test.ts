import { describe, expect, it } from "vitest";
import { Interrupted } from "../../src/errors.ts";
import type { EngineEvent } from "../../src/experiment/events.ts";
import type { Oracle } from "../../src/experiment/oracle.ts";
import type { RunSpec } from "../../src/experiment/run_loop.ts";
import { sideBySide } from "../../src/experiment/side_by_side.ts";
import type { Learner } from "../../src/tasks/task.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { executeAll, group, prepareStub, restlessClock, topicRows, withoutSeconds } from "./stub_plan.ts";

const rows = topicRows("train", 60);
const labelOf = (id: string) => rows.find((row) => row.id === id)!.label;

/** Answers like the data set, an answer whenever it is let. */
class SlowPerson implements Oracle {
  readonly asked: string[] = [];
  #answers: (() => void)[] = [];

  async *label(...[examples, { signal }]: Parameters<Oracle["label"]>) {
    for (const { id } of examples) {
      this.asked.push(id);
      await new Promise<void>((resolve, reject) => {
        this.#answers.push(resolve);
        signal?.addEventListener("abort", () => reject(new Interrupted()), { once: true });
      });
      yield { id, label: labelOf(id), by: "person", at: "2026-01-02T03:04:05.000Z" };
    }
  }

  answer(): void {
    this.#answers.shift()?.();
  }
}

const points = (events: readonly EngineEvent[]) =>
  events.flatMap((event) =>
    event.kind === "run" && event.event.kind === "journal" && event.event.event.event === "evaluate"
      ? [[event.run.experiment, event.event.event.round] as const]
      : []
  );

async function collect(events: AsyncGenerator<EngineEvent>): Promise<EngineEvent[]> {
  const all: EngineEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe("runs side by side", () => {
  it("go round by round, and leave the files that one after another leaves", async () => {
    const plan = await prepareStub(group());
    const [one, other] = [new MemoryFiles(), new MemoryFiles()];
    await executeAll(plan, one);
    const events = await collect(sideBySide(plan, plan.runs, { files: other, clock: restlessClock() }));
    expect(withoutSeconds(other.texts())).toEqual(withoutSeconds(one.texts()));
    const names = ["random", "self", "asm-encoder-32", "asm-bag-64"];
    expect(points(events)).toEqual([0, 1, 2, 3].flatMap((round) => names.map((name) => [name, round])));
    expect(events.at(-1)).toEqual({ kind: "finished" });
  });

  it("train nothing twice, self-selection neither", async () => {
    const plan = await prepareStub(group());
    const events = await collect(sideBySide(plan, plan.runs, { files: new MemoryFiles(), clock: restlessClock() }));
    const trained = events.flatMap((event) =>
      event.kind === "run" && event.event.kind === "trained" ? [event.event] : []
    );
    expect(trained.filter(({ again }) => again)).toEqual([]);
    expect(events[0]).toMatchObject({ kind: "plan", trainings: trained.length });
  });

  it("keep the curves of runs of the plan that are not among them", async () => {
    const plan = await prepareStub(group());
    const files = new MemoryFiles();
    const named = (...names: string[]) => plan.runs.filter(({ config }) => names.includes(config.name));
    await collect(sideBySide(plan, named("random", "self"), { files, clock: restlessClock() }));
    expect(files.texts()["curves.csv"]!.trim().split("\n")).toHaveLength(3);
    await collect(sideBySide(plan, named("asm-encoder-32", "asm-bag-64"), { files, clock: restlessClock() }));
    const whole = new MemoryFiles();
    await executeAll(plan, whole);
    expect(withoutSeconds(files.texts())).toEqual(withoutSeconds(whole.texts()));
  });

  it("let a person take time: the others go on, a round ahead at most", async () => {
    const person = new SlowPerson();
    const plan = await prepareStub(group());
    const runs = plan.runs.filter(({ config }) => ["random", "asm-bag-64"].includes(config.name))
      .map((spec): RunSpec => spec.config.name === "random" ? spec : { ...spec, oracle: person });
    const files = new MemoryFiles();
    const seen: EngineEvent[] = [];
    const running = (async () => {
      for await (const event of sideBySide(plan, runs, { files, clock: restlessClock() })) seen.push(event);
    })();
    const settled = () => new Promise((resolve) => setTimeout(resolve, 30));
    await settled();
    expect(points(seen), "nothing is labelled by the person yet").toEqual([["random", 0]]);
    expect(person.asked).toHaveLength(1);
    for (let answer = 0; answer < 4; answer++) {
      person.answer();
      await settled();
    }
    expect(points(seen)).toEqual([["random", 0], ["asm-bag-64", 0], ["random", 1]]);
    for (let answer = 0; answer < 9; answer++) {
      person.answer();
      await settled();
    }
    await running;
    expect(points(seen).filter(([name]) => name === "asm-bag-64").map(([, round]) => round)).toEqual([0, 1, 2, 3]);
    expect(files.texts()["asm-bag-64/seed-0/journal.jsonl"]).toContain(`"by":"person"`);
  });

  it("record a person's answers while another run is at work, and learn from them in turn", async () => {
    const person = new SlowPerson();
    const plan = await prepareStub(group());
    let working = 0;
    const overlaps: string[] = [];
    let release = () => {};
    let held = Promise.resolve();
    /** One that says when two are at work at once, and works until it is let. */
    const alone = (learner: Learner, name: string): Learner => ({
      ...learner,
      async train(labelled, seed, control) {
        if (working > 0) overlaps.push(name);
        working++;
        try {
          if (name === "random") await held;
          await new Promise((resolve) => setTimeout(resolve, 2));
          return await learner.train(labelled, seed, control);
        } finally {
          working--;
        }
      },
    });
    const runs = plan.runs.filter(({ config }) => ["random", "self"].includes(config.name)).reverse().map(
      (spec): RunSpec => {
        const successor = alone(spec.successor, spec.config.name);
        const oracle = spec.config.name === "self" ? person : spec.oracle;
        return { ...spec, successor, acquisition: successor, oracle };
      },
    );
    const files = new MemoryFiles();
    held = new Promise((resolve) => release = resolve);
    const running = collect(sideBySide(plan, runs, { files, clock: restlessClock() }));
    const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
    await settled();
    expect(working, "the twin is at work").toBe(1);
    const answers = () => (files.texts()["self/seed-0/journal.jsonl"] ?? "").split('"event":"label"').length - 1;
    for (let answer = 1; answer <= 4; answer++) {
      person.answer();
      await settled();
      expect(answers(), "recorded at once").toBe(answer);
    }
    release();
    for (let answer = 0; answer < 40; answer++) {
      person.answer();
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await running;
    expect(overlaps).toEqual([]);
  });

  it("stop where they are told to, also while a person is waited for, and go on from there", async () => {
    const plan = await prepareStub(group());
    const files = new MemoryFiles();
    const stop = new AbortController();
    const patient = plan.runs.map((spec) => ({ ...spec, oracle: new SlowPerson() }));
    const running = collect(sideBySide(plan, patient, { files, clock: restlessClock(), signal: stop.signal }));
    setTimeout(() => stop.abort(), 20);
    await expect(running).rejects.toThrow(Interrupted);
    await collect(sideBySide(plan, plan.runs, { files, clock: restlessClock() }));
    const whole = new MemoryFiles();
    await executeAll(plan, whole);
    expect(withoutSeconds(files.texts())).toEqual(withoutSeconds(whole.texts()));
  });

  it("end when their consumer leaves", async () => {
    const plan = await prepareStub(group());
    const patient = plan.runs.map((spec) => ({ ...spec, oracle: new SlowPerson() }));
    for await (const event of sideBySide(plan, patient, { files: new MemoryFiles(), clock: restlessClock() })) {
      if (event.kind === "run" && event.event.kind === "journal") break;
    }
  });
});
