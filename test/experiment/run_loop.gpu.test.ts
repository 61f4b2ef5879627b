import { describe, expect, it } from "vitest";
import { subsamplers } from "../../src/acquisition/subsamplers.ts";
import type { Scorer, Selector } from "../../src/acquisition/strategy.ts";
import { InputError, Interrupted } from "../../src/errors.ts";
import { trainablePart } from "../../src/experiment/run_loop.ts";
import { readScores } from "../../src/experiment/score_file.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { experiment, ofKind, prepareStub, runAll, stubRun, topicRows } from "./stub_plan.ts";
import { type StubLog, stubTask } from "./stub_task.ts";

const rows = topicRows("train", 60);
const wordsOf = (ids: readonly string[]) => ids.map((id) => rows.find((row) => row.id === id)!.text.split(" ").length);
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

describe("the loop", () => {
  it("evaluates the warm start, then queries T times: T + 1 points, each on what was labelled by then", async () => {
    const { journal } = await runAll(await stubRun({ al: { init_p_or_n: 5, step_p_or_n: 3, num_queries: 4 } }));
    expect(ofKind(journal, "evaluate").map(({ round }) => round)).toEqual([0, 1, 2, 3, 4]);
    expect(ofKind(journal, "warm_start")[0]!.ids).toHaveLength(5);
    expect(ofKind(journal, "acquire").map(({ ids }) => ids.length)).toEqual([3, 3, 3, 3]);
    const asked = [...ofKind(journal, "warm_start"), ...ofKind(journal, "acquire")].flatMap(({ ids }) => ids);
    expect(new Set(asked).size, "no example is asked for twice").toBe(5 + 4 * 3);
    const labels = ofKind(journal, "label");
    expect(labels.map(({ id }) => id)).toEqual(asked);
    for (const { id, label, by, at } of labels) {
      expect([label, by, at]).toEqual([rows.find((row) => row.id === id)!.label, "gold", null]);
    }
  });

  it("takes the candidates with the highest scores, and records all scores", async () => {
    const files = new MemoryFiles();
    const { journal } = await runAll(await stubRun(), files);
    for (const { round, ids, scores } of ofKind(journal, "acquire")) {
      const all = await readScores(files, `scores-${round}.bin`);
      const ranked = all.ids.map((id, index) => ({ id, score: all.scores[index]! }))
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
      expect(ids).toEqual(ranked.slice(0, 3).map(({ id }) => id));
      expect(scores).toEqual(ranked.slice(0, 3).map(({ score }) => score));
      expect(all.ids).toHaveLength(60 - 4 - (round - 1) * 3);
    }
  });

  it("breaks ties by id, in whatever order the file has its rows", async () => {
    const flat: Scorer = {
      name: "flat",
      needs: [],
      score: ({ candidates }) => Promise.resolve(new Float32Array(candidates.length).fill(0.5)),
    };
    const forward = await runAll(await stubRun({}, { strategy: flat }));
    const backward = await runAll(await stubRun({}, { strategy: flat }, { train: [...rows].reverse() }));
    const started = new Set(ofKind(forward.journal, "warm_start")[0]!.ids);
    const inOrder = rows.map(({ id }) => id).filter((id) => !started.has(id));
    expect(ofKind(forward.journal, "acquire").flatMap(({ ids }) => ids)).toEqual(inOrder.slice(0, 9));
    expect(ofKind(backward.journal, "acquire")).toEqual(ofKind(forward.journal, "acquire"));
  });

  it("warm-starts a seed alike whatever acquires, and seeds differently", async () => {
    const start = async (changes: Parameters<typeof stubRun>[0]) => {
      const { journal } = await runAll(await stubRun(changes));
      return ofKind(journal, "warm_start")[0]!.ids;
    };
    const first = await start({});
    expect(await start({ al: { strategy: "random" } })).toEqual(first);
    expect(await start({ acquisition: "bag-64" })).toEqual(first);
    expect(await start({ seeds: [1] })).not.toEqual(first);
  });

  it("trains no acquisition model for random selection", async () => {
    const { journal } = await runAll(await stubRun({ al: { strategy: "random" } }));
    expect(ofKind(journal, "train").map(({ role }) => role)).toEqual([
      "successor",
      "successor",
      "successor",
      "successor",
    ]);
    expect(ofKind(journal, "score")).toEqual([]);
    expect(ofKind(journal, "acquire").map(({ scores }) => scores)).toEqual([
      [null, null, null],
      [null, null, null],
      [null, null, null],
    ]);
  });

  it("trains each model on all that is labelled, and lets go of every one", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    await runAll(await stubRun({ acquisition: "bag-64" }, {}, { task: stubTask(log) }));
    const sizes = (model: string) => log.trained.filter((each) => each.model === model).map(({ examples }) => examples);
    expect(sizes("encoder-64")).toEqual([4, 7, 10, 13]);
    expect(sizes("bag-64")).toEqual([4, 7, 10]);
    expect(log.alive).toBe(0);
  });

  it("holds the validation part out of warm start, pool and fractions", async () => {
    const spec = await stubRun({
      data: { validation: 0.5 },
      al: { init_p_or_n: 0.1, step_p_or_n: 0.2, num_queries: 6 },
    });
    const trainable = trainablePart(spec);
    expect(trainable).toHaveLength(30);
    expect(trainablePart({ ...spec, seed: 1 })).not.toEqual(trainable);
    const { journal } = await runAll(spec);
    expect(ofKind(journal, "warm_start")[0]!.ids).toHaveLength(3);
    expect(ofKind(journal, "acquire").map(({ ids }) => ids.length)).toEqual([6, 6, 6, 6, 3, 0]);
    const labelled = ofKind(journal, "label").map(({ id }) => id).sort();
    expect(labelled).toEqual(trainable.map(({ id }) => id));
  });
});

describe("a budget in tokens", () => {
  const al = { split_by_tokens: true, init_p_or_n: 20, step_p_or_n: 15, num_queries: 4 };

  it("is spent, and overdrawn by no more than the last example", async () => {
    const { journal } = await runAll(await stubRun({ al }));
    const parts = [ofKind(journal, "warm_start")[0]!, ...ofKind(journal, "acquire")].map(({ ids }) => wordsOf(ids));
    for (const [index, words] of parts.entries()) {
      const budget = index === 0 ? 20 : 15;
      expect(sum(words)).toBeGreaterThanOrEqual(budget);
      expect(sum(words.slice(0, -1))).toBeLessThan(budget);
    }
  });

  it("counts a fraction of the training set's tokens", async () => {
    const { journal } = await runAll(await stubRun({ al: { ...al, init_p_or_n: 0.1 } }));
    const tenth = Math.round(0.1 * sum(rows.map(({ text }) => text.split(" ").length)));
    const words = wordsOf(ofKind(journal, "warm_start")[0]!.ids);
    expect(sum(words)).toBeGreaterThanOrEqual(tenth);
    expect(sum(words.slice(0, -1))).toBeLessThan(tenth);
  });

  it("may be random too", async () => {
    const { journal } = await runAll(await stubRun({ al: { ...al, strategy: "random" } }));
    for (const { ids } of ofKind(journal, "acquire")) {
      expect(sum(wordsOf(ids))).toBeGreaterThanOrEqual(15);
      expect(sum(wordsOf(ids).slice(0, -1))).toBeLessThan(15);
    }
  });
});

describe("a pool that runs out", () => {
  it("gives what is left, with a notice, and then rounds that repeat the last", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    const train = rows.slice(0, 20);
    const spec = await stubRun({ al: { step_p_or_n: 10, num_queries: 4 } }, {}, { task: stubTask(log), train });
    const { journal, notices } = await runAll(spec);
    expect(ofKind(journal, "acquire").map(({ ids }) => ids.length)).toEqual([10, 6, 0, 0]);
    expect(notices[0]).toBe("round 2: only 6 left of the 10 examples that a step takes; all are taken");
    expect(notices).toHaveLength(3);
    const points = ofKind(journal, "evaluate").map(({ metrics }) => metrics.accuracy);
    expect(points).toHaveLength(5);
    expect(points.slice(3)).toEqual([points[2], points[2]]);
    expect(log.trained.map(({ examples }) => examples), "what was trained is not trained again").toEqual([4, 14, 20]);
  });

  it("is announced before anything trains", async () => {
    const { notices } = await prepareStub([experiment({ al: { step_p_or_n: 10, num_queries: 4 } })], {
      train: rows.slice(0, 20),
    });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^the plan would label 44 examples; data set 'topics' has 20\. /);
  });

  it("is refused where the warm start alone takes more", async () => {
    const preparing = prepareStub([experiment({ al: { init_p_or_n: 61 } })]);
    await expect(preparing).rejects.toThrow(InputError);
    await expect(preparing).rejects.toThrow(
      "self: al.init_p_or_n takes 61 examples; data set 'topics' has 60 to label",
    );
  });

  it.each(["lc", "random"])("may be empty from the first query on: %s", async (strategy) => {
    const al = { strategy, init_p_or_n: 60, num_queries: 2 };
    const { journal, notices } = await runAll(await stubRun({ al }));
    expect(ofKind(journal, "acquire").map(({ ids }) => ids)).toEqual([[], []]);
    expect(ofKind(journal, "evaluate")).toHaveLength(3);
    expect(notices).toHaveLength(2);
  });

  it("is not said to run out where the subsampling offers less than a step", async () => {
    const al = { sampling_type: "random", gamma_or_k_confident_to_save: 2, num_queries: 1 } as const;
    const { journal, notices } = await runAll(await stubRun({ al }));
    expect(ofKind(journal, "acquire")[0]!.ids).toHaveLength(2);
    expect(notices).toEqual([
      "round 1: a step takes 3 examples; the part of the pool that was looked at has 2; all are taken",
    ]);
  });
});

describe("subsampling", () => {
  it.each(
    [
      ["none", null, [56, 53, 50]],
      ["random", 20, [20, 20, 20]],
      ["random", 0.25, [15, 15, 15]],
      ["naive", 20, [56, 20, 20]],
    ] as const,
  )("scores what %s of %s leaves", async (sampling_type, gamma_or_k_confident_to_save, scored) => {
    const spec = await stubRun({ al: { sampling_type, gamma_or_k_confident_to_save } });
    expect(spec.subsampler).toBe(subsamplers.get(sampling_type));
    const { journal } = await runAll(spec);
    expect(ofKind(journal, "score").map((event) => event.scored)).toEqual(scored);
  });

  it("scores the whole pool at the queries that ups is told, counted from 0, and a part at the others", async () => {
    const al = { sampling_type: "ups", init_p_or_n: 4, step_p_or_n: 1, num_queries: 10 } as const;
    const { journal } = await runAll(await stubRun({ al }));
    const whole = ofKind(journal, "score").filter(({ round, scored }) => scored === 60 - 4 - (round - 1));
    expect(whole.map(({ round }) => round - 1)).toEqual([0, 1, 4, 8]);
  });

  it("lets naive score what the last scores put first", async () => {
    const files = new MemoryFiles();
    const al = { sampling_type: "naive", gamma_or_k_confident_to_save: 10, num_queries: 2 } as const;
    const { journal } = await runAll(await stubRun({ al }), files);
    const first = await readScores(files, "scores-1.bin");
    const taken = new Set(ofKind(journal, "acquire")[0]!.ids);
    const ranked = first.ids.map((id, index) => ({ id, score: first.scores[index]! }))
      .filter(({ id }) => !taken.has(id)).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
    const second = await readScores(files, "scores-2.bin");
    expect(second.ids).toEqual(ranked.slice(0, 10).map(({ id }) => id).sort());
  });
});

describe("a selector", () => {
  /** Picks the shortest texts; that needs no model. */
  const shortest: Selector = {
    name: "shortest",
    needs: [],
    select: ({ candidates, k }) =>
      Promise.resolve([...candidates].sort((a, b) => a.text.length - b.text.length).slice(0, k)),
  };

  it("picks by itself, without a model", async () => {
    const { journal } = await runAll(await stubRun({}, { strategy: shortest }));
    expect(ofKind(journal, "train").every(({ role }) => role === "successor")).toBe(true);
    const started = ofKind(journal, "warm_start")[0]!.ids;
    const lengths = rows.filter(({ id }) => !started.includes(id)).map(({ text }) => text.length).sort((a, b) => a - b);
    const picked = ofKind(journal, "acquire").flatMap(({ ids }) => ids);
    expect(picked.map((id) => rows.find((row) => row.id === id)!.text.length)).toEqual(lengths.slice(0, 9));
  });

  it("is given a model trained on what is labelled where it needs one, and all that a strategy may look at", async () => {
    const seen: number[][] = [];
    const drawn: number[] = [];
    const curious: Selector = {
      name: "curious",
      needs: ["rowStats"],
      select: async ({ candidates, labelled, k, round, model, random, control }) => {
        const { entropy } = await model.rowStats(candidates, control);
        seen.push([candidates.length, labelled.length, k, round, entropy.length]);
        drawn.push(random.uniform());
        return candidates.slice(0, k);
      },
    };
    const { journal } = await runAll(await stubRun({ acquisition: "bag-64" }, { strategy: curious }));
    expect(seen).toEqual([[56, 4, 3, 1, 56], [53, 7, 3, 2, 53], [50, 10, 3, 3, 50]]);
    expect(new Set(drawn).size, "each round draws anew").toBe(3);
    expect(ofKind(journal, "train").filter(({ role }) => role === "acquisition").map(({ round }) => round)).toEqual([
      1,
      2,
      3,
    ]);
  });

  it("ranks the pool where the budget is in tokens, and the loop cuts", async () => {
    const al = { split_by_tokens: true, init_p_or_n: 20, step_p_or_n: 7, num_queries: 1 };
    const { journal } = await runAll(await stubRun({ al }, { strategy: shortest }));
    const words = wordsOf(ofKind(journal, "acquire")[0]!.ids);
    expect(words).toEqual([...words].sort((a, b) => a - b));
    expect(sum(words)).toBeGreaterThanOrEqual(7);
    expect(sum(words.slice(0, -1))).toBeLessThan(7);
  });
});

describe("an interrupted loop", () => {
  it("stops in the middle of a training, and lets go of the model", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    const stopping = new AbortController();
    const task = stubTask(log);
    const spec = await stubRun({}, {}, { task });
    const wait = {
      ...spec.successor,
      train: (...[labelled, seed, control]: Parameters<typeof spec.successor.train>) => {
        if (labelled.length === 7) stopping.abort();
        return spec.successor.train(labelled, seed, control);
      },
    };
    const files = new MemoryFiles();
    const run = runAll({ ...spec, successor: wait, acquisition: wait }, files, stopping.signal);
    await expect(run).rejects.toThrow(Interrupted);
    expect(files.texts()["journal.jsonl"]).toMatch(/"event":"label","round":1[^\n]*\n$/);
    expect(log.alive).toBe(0);
  });
});
