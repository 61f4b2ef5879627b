import { describe, expect, it } from "vitest";
import { InputError, Interrupted, stopIfAborted } from "../../src/errors.ts";
import { goldOracle, type Label, type Oracle } from "../../src/experiment/oracle.ts";
import { readScores } from "../../src/experiment/score_file.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { ofKind, runAll, stubRun, topicRows, withoutSeconds } from "./stub_plan.ts";
import { type StubLog, stubTask } from "./stub_task.ts";

const goldOf = new Map(topicRows("train", 60).map(({ id, label }) => [id, label]));

/** A person who answers as `answer` says; null declines. */
function person(answer: (id: string) => string | null): Oracle {
  return {
    async *label(examples) {
      for (const { id } of examples) yield { id, label: answer(id), by: "ann", at: "2026-01-02T03:04:05Z" };
    },
  };
}

const isOdd = (id: string) => Number(id.slice(-1)) % 2 === 1;

describe("an oracle", () => {
  it("may decline: the example leaves the pool and is not learned from", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    const files = new MemoryFiles();
    const oracle = person((id) => (isOdd(id) ? null : goldOf.get(id)!));
    const spec = await stubRun({ al: { init_p_or_n: 8, step_p_or_n: 6 } }, { oracle }, { task: stubTask(log) });
    const { journal } = await runAll(spec, files);
    const asked = [...ofKind(journal, "warm_start"), ...ofKind(journal, "acquire")].map(({ ids }) => ids);
    expect(new Set(asked.flat()).size, "nobody is asked twice").toBe(8 + 3 * 6);
    const kept = asked.map((ids) => ids.filter((id) => !isOdd(id)).length);
    expect(kept.some((count, round) => count < asked[round]!.length), "some were declined").toBe(true);
    const sums = kept.map((_, round) => kept.slice(0, round + 1).reduce((sum, count) => sum + count, 0));
    expect(log.trained.map(({ examples }) => examples)).toEqual(sums);
    for (const round of [1, 2, 3]) {
      const { ids } = await readScores(files, `scores-${round}.bin`);
      expect(ids.filter((id) => asked.slice(0, round).flat().includes(id))).toEqual([]);
    }
    expect(ofKind(journal, "label").filter(({ label }) => label === null).every(({ id }) => isOdd(id))).toBe(true);
  });

  it("may answer in any order; what is learned does not depend on it", async () => {
    const backwards: Oracle = {
      async *label(examples, query) {
        yield* goldOracle.label([...examples].reverse(), query);
      },
    };
    const forward = await runAll(await stubRun());
    const backward = await runAll(await stubRun({}, { oracle: backwards }));
    expect(ofKind(backward.journal, "evaluate")).toEqual(ofKind(forward.journal, "evaluate"));
  });

  it("may correct itself: the last label for an example counts, also when the run goes on later", async () => {
    const changesItsMind: Oracle = {
      async *label(examples) {
        const label = (id: string, text: string): Label => ({ id, label: text, by: "ann", at: null });
        for (const { id } of examples) yield label(id, "spam");
        for (const { id } of examples) yield label(id, goldOf.get(id)!);
      },
    };
    const files = new MemoryFiles();
    const { journal } = await runAll(await stubRun({}, { oracle: changesItsMind }), files);
    expect(ofKind(journal, "evaluate")).toEqual(ofKind((await runAll(await stubRun())).journal, "evaluate"));

    const again = await runAll(await stubRun({}, { oracle: changesItsMind }), files.restart());
    expect(again.journal).toEqual(journal);
    expect(again.trainings.computed).toBe(0);
  });

  it("is cancelled by the signal, and asked only for what it has not answered when the run goes on", async () => {
    const stopping = new AbortController();
    const asked: string[][] = [];
    const slow = (stopAfter: number): Oracle => ({
      async *label(examples, { signal, round }) {
        asked.push(examples.map(({ id }) => id));
        let answered = 0;
        for (const { id } of examples) {
          stopIfAborted(signal);
          yield { id, label: goldOf.get(id)!, by: "gold", at: null };
          if (round === 1 && ++answered === stopAfter) stopping.abort();
        }
      },
    });
    const files = new MemoryFiles();
    await expect(runAll(await stubRun({}, { oracle: slow(2) }), files, stopping.signal)).rejects.toThrow(Interrupted);
    expect(asked.map((ids) => ids.length)).toEqual([4, 3]);

    await runAll(await stubRun({}, { oracle: slow(9) }), files);
    expect(asked[2]).toEqual(asked[1]!.slice(2));
    const whole = new MemoryFiles();
    await runAll(await stubRun(), whole);
    expect(withoutSeconds(files.texts())).toEqual(withoutSeconds(whole.texts()));
  });

  it("that ends early because of the signal is no answer", async () => {
    const stopping = new AbortController();
    const leaves: Oracle = {
      async *label([first]) {
        yield { id: first!.id, label: "spam", by: "ann", at: null };
        stopping.abort();
      },
    };
    await expect(runAll(await stubRun({}, { oracle: leaves }), new MemoryFiles(), stopping.signal)).rejects.toThrow(
      Interrupted,
    );
  });

  it("has no say in what the labels are", async () => {
    const files = new MemoryFiles();
    const run = runAll(await stubRun({}, { oracle: person(() => "sport") }), files);
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow("'sport' is no label of data set 'topics'. It has: bills, news, spam");
    expect(files.texts()["journal.jsonl"]).not.toContain("sport");
  });

  it("that declines everything leaves nothing to learn from, which is said", async () => {
    const run = runAll(await stubRun({}, { oracle: person(() => null) }));
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow("self: no label was given up to round 0; there is nothing to learn from");
  });

  it("that breaks its contract is a defect, not an answer", async () => {
    const silent: Oracle = { async *label() {} };
    await expect(runAll(await stubRun({}, { oracle: silent }))).rejects.toThrow(/gave no answer for 'train-/);
    const foreign = person((id) => goldOf.get(id)!);
    const confused: Oracle = {
      label: (_examples, query) => foreign.label([{ id: "elsewhere", text: "x" }], query),
    };
    await expect(runAll(await stubRun({}, { oracle: confused }))).rejects.toThrow(/labelled 'elsewhere'/);
  });
});
