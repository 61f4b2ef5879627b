import { describe, expect, it } from "vitest";
import type { ExperimentConfig } from "../../src/config/schema.ts";
import { Failure, InputError } from "../../src/errors.ts";
import { countTrainings } from "../../src/experiment/count_trainings.ts";
import { execute } from "../../src/experiment/execute.ts";
import type { PreparedPlan } from "../../src/experiment/prepare.ts";
import type { TrainingRecord } from "../../src/experiment/records.ts";
import { Trainings } from "../../src/experiment/trainings.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { type Changes, executeAll, experiment, group, prepareStub, restlessClock, stubRun } from "./stub_plan.ts";
import { type StubLog, stubTask } from "./stub_task.ts";

interface Counted {
  /** As the plan announces it. */
  readonly announced: number;
  readonly trained: number;
  readonly records: readonly TrainingRecord[];
}

async function count(experiments: readonly ExperimentConfig[]): Promise<Counted> {
  const log: StubLog = { trained: [], alive: 0 };
  const files = new MemoryFiles();
  const events = await executeAll(await prepareStub(experiments, { task: stubTask(log) }), files);
  const done = events.filter((event) => event.kind === "run" && event.event.kind === "trained");
  expect(done).toHaveLength(log.trained.length);
  return {
    announced: events.flatMap((event) => (event.kind === "plan" ? [event.trainings] : []))[0]!,
    trained: log.trained.length,
    records: Object.entries(files.texts()).flatMap(([path, text]) =>
      path.startsWith("trainings/") ? [JSON.parse(text)] : []
    ),
  };
}

describe("a plan's trainings", () => {
  it.each([[1, 1], [3, 1], [3, 2], [5, 3]])("are S(6T + 1) for a group of four, T = %i, S = %i", async (T, S) => {
    const seeds = Array.from({ length: S }, (_, seed) => seed);
    const { announced, trained, records } = await count(group({ seeds, al: { num_queries: T } }));
    expect([trained, announced, records.length]).toEqual([S * (6 * T + 1), S * (6 * T + 1), S * (6 * T + 1)]);
  });

  const plans: [name: string, configs: ExperimentConfig[], trainings: number][] = [
    ["self-selection alone trains once a round", [experiment()], 4],
    ["an acquisition model of its own is trained before each query", [experiment({ acquisition: "bag-64" })], 4 + 3],
    ["random selection trains nothing that picks", [experiment({ al: { strategy: "random" } })], 4],
    [
      "two random runs that differ only in what random ignores are one",
      [
        experiment({ name: "a", al: { strategy: "random" } }),
        experiment({
          name: "b",
          al: { strategy: "random", ups: { gamma: 0.5, temperature: 1, iters_to_recalc_scores: [0] } },
        }),
      ],
      4,
    ],
    [
      "two strategies share the warm start",
      [experiment({ name: "lc" }), experiment({ name: "entropy", al: { strategy: "entropy" } })],
      1 + 3 + 3,
    ],
    ["another first batch shares nothing", [experiment(), experiment({ name: "b", al: { init_p_or_n: 5 } })], 8],
    ["seeds share nothing", [experiment({ seeds: [0, 1] })], 8],
  ];

  it.each(plans)("%s", async (_name, experiments, trainings) => {
    expect(countTrainings(experiments)).toBe(trainings);
    expect((await count(experiments)).trained).toBe(trainings);
  });

  it("are kept with their losses and sizes; the successors' with their evaluation", async () => {
    const { records } = await count([experiment({ acquisition: "bag-64" })]);
    const of = (model: string) => records.filter((record) => record.model === model);
    expect(of("bag-64").map(({ evaluation }) => evaluation)).toEqual([undefined, undefined, undefined]);
    expect(of("encoder-64").map(({ examples }) => examples).sort((a, b) => a - b)).toEqual([4, 7, 10, 13]);
    for (const { losses, seed, steps, evaluation } of of("encoder-64")) {
      expect({ losses, seed, steps }).toEqual({ losses: [1, 0.5, 0.25], seed: 0, steps: 3 });
      expect(evaluation!.labels).toEqual(["bills", "news", "spam"]);
      expect(evaluation!.confusion.flat().reduce((sum, each) => sum + each, 0)).toBe(40);
    }
  });

  it("are computed again where their weights are needed after a crash, and only those", async () => {
    const log: StubLog = { trained: [], alive: 0 };
    const plan = await prepareStub([experiment({ acquisition: "bag-64" })], { task: stubTask(log) });
    const files = new MemoryFiles();
    await stopAfterEvaluationOf(plan, files, 2);
    log.trained.length = 0;
    const again: boolean[] = [];
    for (const event of await executeAll(plan, files)) {
      if (event.kind === "run" && event.event.kind === "trained") again.push(event.event.again);
    }
    // bag-64 on what was labelled by round 2, then the successor on what it picked.
    expect(log.trained).toEqual([{ model: "bag-64", examples: 10 }, { model: "encoder-64", examples: 13 }]);
    expect(again).toEqual([false, false]);

    const self = await prepareStub([experiment()], { task: stubTask(log) });
    const own = new MemoryFiles();
    await stopAfterEvaluationOf(self, own, 2);
    log.trained.length = 0;
    const trained = (await executeAll(self, own)).flatMap((event) =>
      event.kind === "run" && event.event.kind === "trained" ? [event.event.again] : []
    );
    expect(log.trained).toEqual([{ model: "encoder-64", examples: 10 }, { model: "encoder-64", examples: 13 }]);
    expect(trained, "the successor of round 2 picks in round 3: the same training").toEqual([true, false]);
  });
});

async function stopAfterEvaluationOf(plan: PreparedPlan, files: MemoryFiles, round: number): Promise<void> {
  for await (const event of execute(plan, { files, clock: restlessClock() })) {
    if (event.kind !== "run" || event.event.kind !== "journal") continue;
    const { event: recorded } = event.event;
    if (recorded.event === "evaluate" && recorded.round === round) return;
  }
}

describe("the name of a training", () => {
  const trainings = new Trainings(new MemoryFiles(), restlessClock());

  async function request(changes: Changes = {}, labels: Readonly<Record<string, string>> = {}) {
    const { successor, data, seed } = await stubRun(changes);
    const labelled = data.train.slice(0, 5).map((example) => ({
      ...example,
      label: labels[example.id] ?? example.label!,
    }));
    return { learner: successor, labelled, seed, data };
  }

  it("depends on model, seed, examples and labels, and not on the order in which they came", async () => {
    const one = await request();
    const name = trainings.nameOf(one);
    const names = [
      name,
      trainings.nameOf(await request({ successor: "bag-64" })),
      trainings.nameOf(await request({}, { "train-000": "another" })),
      trainings.nameOf({ ...one, seed: 1 }),
      trainings.nameOf({ ...one, labelled: one.labelled.slice(1) }),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(trainings.nameOf({ ...one, labelled: [...one.labelled].reverse() })).toBe(name);
    expect(trainings.nameOf(await request())).toBe(name);
  });
});

describe("what was recorded of a training", () => {
  const path = (files: MemoryFiles) => Object.keys(files.texts()).find((each) => each.startsWith("trainings/"))!;

  it("must be what computing it again gives, else the directory is not continued", async () => {
    const plan = await prepareStub([experiment()]);
    const files = new MemoryFiles();
    await stopAfterEvaluationOf(plan, files, 0);
    const record = JSON.parse(files.texts()[path(files)]!) as TrainingRecord;
    const changed = { ...record, losses: [record.losses[0], 0.4999, record.losses[2]] };
    await files.write(path(files), new TextEncoder().encode(JSON.stringify(changed)));
    const failing = executeAll(plan, files);
    await expect(failing).rejects.toThrow(Failure);
    await expect(failing).rejects.toThrow(/does not repeat: its loss at step 2 was 0\.4999 and is 0\.5\.\n/);
  });

  it("is refused where it is not JSON, naming the file", async () => {
    const plan = await prepareStub([experiment()]);
    const files = new MemoryFiles();
    await stopAfterEvaluationOf(plan, files, 0);
    await files.write(path(files), new TextEncoder().encode('{"training":'));
    const failing = executeAll(plan, files);
    await expect(failing).rejects.toThrow(InputError);
    await expect(failing).rejects.toThrow(`memory:${path(files)}: not JSON\nRemove it`);
  });
});
